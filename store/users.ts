/** People who sign in. */
import type { Collection, Db } from 'mongodb';
import { newId, type AgentId, type UserId } from '../base/ids';
import { ours } from './faults';
import type { AgentProfile } from './queues';
import type { StationKind } from './stations';

export const ROLES = ['agent', 'supervisor', 'administrator'] as const;
export type Role = (typeof ROLES)[number];

export interface AgentSeat extends AgentProfile {
  agentId: AgentId;
  extension: string;
  /** Skill → level from 1 to 10. */
  skills: Record<string, number>;
  /** Where the agent may hear beside the browser. */
  stations?: Exclude<StationKind, 'browser'>[] | undefined;
  /** Grows by one with every change of what is set about the agent; 0 when absent. */
  version?: number | undefined;
}

export interface User {
  _id: UserId;
  /** Unique, lower case. */
  userName: string;
  displayName: string;
  displayNameZh?: string;
  roles: Role[];
  /** As `store/password` writes it. */
  passwordHash: string;
  agent?: AgentSeat;
  createdAtMs: number;
  disabled: boolean;
}

export interface UserStore {
  /** Adds a user; the name is made lower case. @throws SwitchroomError `conflict` when the name is taken. */
  add(user: Omit<User, '_id'>): Promise<User>;
  /** Compared without regard to case. */
  findByUserName(userName: string): Promise<User | undefined>;
  get(userId: UserId): Promise<User | undefined>;
  /** By user name. */
  list(): Promise<User[]>;
  /** Changes fields of a user. @returns false when there is no such user. */
  update(userId: UserId, change: Partial<Omit<User, '_id' | 'userName' | 'createdAtMs'>>): Promise<boolean>;
}

/** A user name as it is stored and compared, whatever letters it was typed in. */
export const foldedUserName = (typed: string): string => typed.normalize('NFKC').toLowerCase();

export class MongoUserStore implements UserStore {
  private readonly collection: Collection<User>;

  constructor(db: Db) {
    this.collection = db.collection<User>('users');
  }

  async add(user: Omit<User, '_id'>): Promise<User> {
    const document: User = { _id: newId<UserId>(), ...user, userName: foldedUserName(user.userName) };
    await ours(this.collection.insertOne(document));
    return document;
  }

  async findByUserName(userName: string): Promise<User | undefined> {
    return (await ours(this.collection.findOne({ userName: foldedUserName(userName) }))) ?? undefined;
  }

  async get(userId: UserId): Promise<User | undefined> {
    return (await ours(this.collection.findOne({ _id: userId }))) ?? undefined;
  }

  list(): Promise<User[]> {
    return ours(this.collection.find().sort({ userName: 1 }).toArray());
  }

  async update(userId: UserId, change: Partial<Omit<User, '_id' | 'userName' | 'createdAtMs'>>): Promise<boolean> {
    const { matchedCount } = await ours(this.collection.updateOne({ _id: userId }, { $set: change }));
    return matchedCount === 1;
  }
}
