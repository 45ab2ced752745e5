/** Queues set by the administrator of a running product, numbers that lead straight into them, and who waits there. */
import type { InteractionView } from '../../api/contract/rest';
import type { ContactAction, WaitingContactView } from '../../api/contract/waiting';
import type { TestCall } from '../../infra/caller/test-call';
import { callWithTone, untilAnswered } from './caller';
import type { Product } from './product';
import { tone, toPcm16 } from './spectrum';
import { until } from './wait';
import { pcm16Wav } from './wav';

const LANGUAGES = ['en', 'zh-CN'];

export class QueueLab {
  private token: string | undefined;

  constructor(private readonly getProduct: () => Product) {}

  get product(): Product {
    return this.getProduct();
  }

  /** A queue with these settings and the defaults of all others. */
  async setQueue(queueId: string, settings: object = {}): Promise<void> {
    await this.product.admin('PUT', `/queue-settings/${queueId}`, { name: queueId, wrapUpMs: 0, ...settings });
  }

  /** A number that is answered and leads into a queue. */
  async setNumber(number: string, queue: string, order: object = {}): Promise<void> {
    await this.setFlow(number, {
      answer: { do: 'answer', next: 'wait' },
      wait: { do: 'enqueue', queue, ...order },
    });
  }

  /** A number with these steps, the first of which is the start. */
  async setFlow(number: string, steps: object): Promise<void> {
    const [start] = Object.keys(steps);
    await this.product.admin('PUT', `/flows/f${number}`, { title: number, start, steps });
    await this.product.admin('PUT', `/numbers/${number}`, { flowId: `f${number}` });
  }

  /** A tone takes the place of this prompt, in both languages. */
  async setPrompt(name: string, frequencyHz: number): Promise<void> {
    for (const language of LANGUAGES) await this.setSound(`prompts/${language}/${name}`, frequencyHz);
  }

  /** A tone of less than a second is the sound of this path. */
  async setSound(path: string, frequencyHz: number): Promise<void> {
    this.token ??= (await this.product.signIn('admin')).token;
    const body = new Uint8Array(pcm16Wav(toPcm16(tone({ frequencyHz, durationMs: 900 }))));
    const headers = { authorization: `Bearer ${this.token}`, 'content-type': 'audio/wav' };
    const url = `${this.product.url}/api/v1/sounds/file?path=${path}`;
    const saved = await fetch(url, { method: 'PUT', headers, body });
    if (!saved.ok) throw new Error(`the sound ${path}: ${saved.status} ${await saved.text()}`);
  }

  /** Resolves when the call is answered. */
  async call(number: string, from: string, toneHz = 440): Promise<TestCall> {
    const call = await callWithTone({ number, from, port: this.product.ports.sip, toneHz });
    await untilAnswered(call);
    return call;
  }

  /** Who waits in the queue, the next one first. */
  async waiting(queueId: string): Promise<WaitingContactView[]> {
    const list = await this.product.get(`/api/v1/queues/${queueId}/contacts`);
    return ((await list.json()) as { items: WaitingContactView[] }).items;
  }

  /** Waits until these and no others wait in the queue, in this order. */
  async untilWaiting(queueId: string, ...numbers: string[]): Promise<WaitingContactView[]> {
    let seen = '';
    const areThere = async (): Promise<WaitingContactView[] | undefined> => {
      const contacts = await this.waiting(queueId);
      seen = contacts.map(({ number }) => number).join(', ');
      return seen === numbers.join(', ') ? contacts : undefined;
    };
    return until(`${numbers.join(', ')} to wait in ${queueId}`, areThere, 30_000).catch((cause: unknown) => {
      throw new Error(`${seen || 'nobody'} waits in ${queueId}`, { cause });
    });
  }

  /** As soon as this caller, and nobody else, waits in the queue. */
  async contactOf(queueId: string, number: string): Promise<WaitingContactView> {
    const [contact] = await this.untilWaiting(queueId, number);
    if (!contact) throw new Error(`${number} waits no more`);
    return contact;
  }

  /** What a supervisor orders about a contact. @throws Error with status and text when it is refused. */
  order(contactId: string, action: ContactAction): Promise<unknown> {
    return this.product.admin('POST', `/contacts/${contactId}/actions`, action);
  }

  /** What befell the caller: kinds of segments with their queues, and of the notes all but their time. */
  static storyOf({ segments, queueNotes = [] }: InteractionView) {
    return {
      segments: segments.map(({ kind, queueId }) => (queueId === undefined ? kind : `${kind} ${queueId}`)),
      notes: queueNotes.map(({ atMs: _atMs, ...note }) => note),
    };
  }
}
