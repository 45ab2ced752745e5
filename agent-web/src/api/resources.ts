/** The API's resources that the desk reads. */
import { waitingListSchema } from '../../../api/contract/waiting';
import type { ContactAction, WaitingContactView } from '../../../api/contract/waiting';
import { z } from 'zod';
import type { AgentAction } from '../../../api/contract/agent-actions';
import { alarmListSchema } from '../../../api/contract/security';
import type { AlarmView } from '../../../api/contract/security';
import {
  conferenceInvitedSchema,
  conferenceListSchema,
  conferenceRoomListSchema,
} from '../../../api/contract/conferences';
import type {
  ConferenceActionBody,
  ConferenceInvitation,
  ConferenceRoomBody,
  ConferenceRoomView,
  ConferenceView,
} from '../../../api/contract/conferences';
import { traceSchema } from '../../../api/contract/trace';
import type { TracedMessageView } from '../../../api/contract/trace';
import { extensionListSchema } from '../../../api/contract/extensions';
import type { ExtensionView } from '../../../api/contract/extensions';
import { musicStreamListSchema } from '../../../api/contract/music-streams';
import type { MusicStreamBody, MusicStreamView } from '../../../api/contract/music-streams';
import { recordingPolicyListSchema } from '../../../api/contract/recording-policies';
import type {
  RecordingAction,
  RecordingPolicyBody,
  RecordingPolicyView,
} from '../../../api/contract/recording-policies';
import { trunkListSchema } from '../../../api/contract/trunk-status';
import type { TrunkView } from '../../../api/contract/trunk-status';
import { decisionListSchema } from '../../../api/contract/decisions';
import type { DecisionView } from '../../../api/contract/decisions';
import { agentListSchema, colleagueListSchema, interactionPageSchema, sessionSchema } from '../../../api/contract/rest';
import type { Colleague, InteractionPage, InteractionQuery, LoginRequest, Session } from '../../../api/contract/rest';
import type { AgentView } from '../../../api/contract/common';
import { supervisionViewSchema, teamCallSchema } from '../../../api/contract/supervision';
import type {
  SupervisionMode,
  SupervisionRequest,
  SupervisionView,
  TeamCallView,
} from '../../../api/contract/supervision';
import { soundListSchema } from '../../../api/contract/sounds';
import type { SoundView } from '../../../api/contract/sounds';
import { apiPath, request } from './http';
import { readSetting, writeSetting } from './settings';

/** Signs in. @throws ApiError `unauthenticated` for a wrong name or password, `overloaded` after too many tries. */
export const signIn = (credentials: LoginRequest): Promise<Session> =>
  request('/login', { method: 'POST', body: credentials, schema: sessionSchema });

/** The session of the cookie, for a page that was loaded again. @throws ApiError `unauthenticated` without one. */
export const readSession = (): Promise<Session> => request('/me', { schema: sessionSchema });

const SESSION_SETTING = 'session';

/** Whether this browser was signed in last: the cookie itself is hidden from the page, and asking in vain costs time. */
export const mayHaveSession = (): boolean => readSetting(SESSION_SETTING) === 'yes';

export const rememberSession = (signedIn: boolean): void => writeSetting(SESSION_SETTING, signedIn ? 'yes' : 'no');

/** Ends the session on the server. */
export const signOut = (): Promise<void> => request('/logout', { method: 'POST' });

export type HistoryQuery = Partial<Omit<InteractionQuery, 'cursor'>>;

export const readInteractions = (query: HistoryQuery, cursor?: string): Promise<InteractionPage> =>
  request('/interactions', { query: { ...query, cursor }, schema: interactionPageSchema });

export const readAgents = async (): Promise<AgentView[]> =>
  (await request('/agents', { schema: agentListSchema })).items;

const teamCallListSchema = z.object({ items: z.array(teamCallSchema) });

/** The calls that agents have now. */
export const readTeamCalls = async (): Promise<TeamCallView[]> =>
  (await request('/team-calls', { schema: teamCallListSchema })).items;

/** Listens to a call, or to those of an agent. @throws ApiError `conflict` when that is not possible now. */
export const beginSupervision = (body: SupervisionRequest): Promise<SupervisionView> =>
  request('/supervisions', { method: 'POST', body, schema: supervisionViewSchema });

export const changeSupervision = (id: string, mode: SupervisionMode): Promise<SupervisionView> =>
  request(supervisionPath(id), { method: 'PUT', body: { mode }, schema: supervisionViewSchema });

export const takeCallOver = (id: string): Promise<void> =>
  request(`${supervisionPath(id)}/take-over`, { method: 'POST' });

export const leaveSupervision = (id: string): Promise<void> => request(supervisionPath(id), { method: 'DELETE' });

const supervisionPath = (id: string): string => `/supervisions/${encodeURIComponent(id)}`;

/** Starts, stops, pauses or masks the recording of somebody else's call. @throws ApiError `forbidden` by its policy. */
export const controlRecording = (callId: string, action: RecordingAction): Promise<void> =>
  request(`/calls/${encodeURIComponent(callId)}/recording`, { method: 'POST', body: { action } });

/** Makes an agent not ready, or locks and unlocks the seat. @throws ApiError `conflict` when it is so already. */
export const directAgent = (agentId: string, action: AgentAction): Promise<void> =>
  request(`/agents/${encodeURIComponent(agentId)}/actions`, { method: 'POST', body: action });

/** Everybody who waits in a queue, who is next first. */
export const readWaiting = async (): Promise<WaitingContactView[]> =>
  (await request('/contacts', { schema: waitingListSchema })).items;

/** @throws ApiError `not_found` when the contact waits no more, `conflict` when it cannot be done now. */
export const directContact = (contactId: string, action: ContactAction): Promise<void> =>
  request(`/contacts/${encodeURIComponent(contactId)}/actions`, { method: 'POST', body: action });

/** Agents and desk phones, with their present states. */
export const readExtensions = async (): Promise<ExtensionView[]> =>
  (await request('/extensions', { schema: extensionListSchema })).items;

/** Every conference room with who is in it. */
export const readConferences = async (): Promise<ConferenceView[]> =>
  (await request('/conferences', { schema: conferenceListSchema })).items;

/** @throws ApiError `conflict` when it makes no sense now, `forbidden` where the recording policy does not allow it. */
export const directConference = (roomId: string, action: ConferenceActionBody): Promise<void> =>
  request(`/conferences/${encodeURIComponent(roomId)}/actions`, { method: 'POST', body: action });

const roomPath = (roomId: string): string => `/conference-rooms/${encodeURIComponent(roomId)}`;

/** As they are set up, for administrators. */
export const readConferenceRooms = async (): Promise<ConferenceRoomView[]> =>
  (await request('/conference-rooms', { schema: conferenceRoomListSchema })).items;

/** @throws ApiError `bad_input` or `conflict`, about what is wrong with it. */
export const saveConferenceRoom = (roomId: string, body: ConferenceRoomBody): Promise<void> =>
  request(roomPath(roomId), { method: 'PUT', body });

/** Ends its conference. */
export const removeConferenceRoom = (roomId: string): Promise<void> => request(roomPath(roomId), { method: 'DELETE' });

/** Calls somebody into a conference. @throws ApiError when that number cannot be called. */
export const inviteToConference = async (roomId: string, invitation: ConferenceInvitation): Promise<void> => {
  const path = `/conferences/${encodeURIComponent(roomId)}/invitations`;
  await request(path, { method: 'POST', body: invitation, schema: conferenceInvitedSchema });
};

const policyPath = (policyId: string): string => `/recording-policies/${encodeURIComponent(policyId)}`;

/** Which calls are recorded, for administrators. */
export const readRecordingPolicies = async (): Promise<RecordingPolicyView[]> =>
  (await request('/recording-policies', { schema: recordingPolicyListSchema })).items;

/** @throws ApiError `bad_input` or `conflict`, about what is wrong with it. */
export const saveRecordingPolicy = (policyId: string, body: RecordingPolicyBody): Promise<void> =>
  request(policyPath(policyId), { method: 'PUT', body });

export const removeRecordingPolicy = (policyId: string): Promise<void> =>
  request(policyPath(policyId), { method: 'DELETE' });

/** For administrators. */
export const readTrunks = async (): Promise<TrunkView[]> =>
  (await request('/trunks', { schema: trunkListSchema })).items;

/** Why the ACD offered a contact to whom. */
export const readDecisions = async (contactId: string): Promise<DecisionView[]> =>
  (await request(`/contacts/${encodeURIComponent(contactId)}/decisions`, { schema: decisionListSchema })).items;

export const readColleagues = async (): Promise<Colleague[]> =>
  (await request('/colleagues', { schema: colleagueListSchema })).items;

/** The SIP messages of an interaction's calls, oldest first. @throws ApiError `not_found` when none are kept any more. */
export const readTrace = async (interactionId: string): Promise<TracedMessageView[]> =>
  (await request(tracePathBelow(interactionId), { schema: traceSchema })).messages;

/** Where the messages are downloaded: as text for reading, or as a capture for Wireshark and the like. */
export const tracePath = (interactionId: string, format: 'text' | 'pcap'): string =>
  apiPath(tracePathBelow(interactionId), { format });

const tracePathBelow = (interactionId: string): string => `/interactions/${encodeURIComponent(interactionId)}/trace`;

/** The latest alarms, newest first. */
export const readAlarms = async (): Promise<AlarmView[]> =>
  (await request('/alarms', { schema: alarmListSchema })).items;

/** All prompts and pieces of music. */
export const readSounds = async (): Promise<SoundView[]> =>
  (await request('/sounds', { schema: soundListSchema })).items;

/** Where a sound is played from; the version keeps the browser from playing what it has heard before. */
export const soundFilePath = (path: string, version: number | undefined): string =>
  apiPath('/sounds/file', { path, version });

/** @throws ApiError `bad_input` for what is no usable WAV. */
export const saveSound = (path: string, file: Blob, source: 'upload' | 'browser'): Promise<void> =>
  request('/sounds/file', { method: 'PUT', query: { path, source }, file });

export const chooseSoundVersion = (path: string, version: number): Promise<void> =>
  request('/sounds/version', { method: 'POST', query: { path }, body: { version } });

/** Music that servers stream, for administrators. */
export const readMusicStreams = async (): Promise<MusicStreamView[]> =>
  (await request('/music-streams', { schema: musicStreamListSchema })).items;

export const saveMusicStream = (name: string, stream: MusicStreamBody): Promise<void> =>
  request(`/music-streams/${encodeURIComponent(name)}`, { method: 'PUT', body: stream });

export const removeMusicStream = (name: string): Promise<void> =>
  request(`/music-streams/${encodeURIComponent(name)}`, { method: 'DELETE' });

/** @throws ApiError `conflict` while a flow plays it. */
export const removeSound = (path: string): Promise<void> =>
  request('/sounds/file', { method: 'DELETE', query: { path } });
