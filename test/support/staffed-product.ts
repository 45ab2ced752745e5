/** A product with `agent1` at the desk, and callers who talk with that agent: what many end-to-end tests begin with. */
import type { TestCall } from '../../infra/caller/test-call';
import { Agent } from './agent';
import { callWithTone, untilAnswered, untilHasHeardSound, untilHearsTone } from './caller';
import { Product } from './product';
import type { ProductOptions } from './product';

export const AGENT_HZ = 1000;
export const CALLER_HZ = 440;

/** A caller with a number of its own. */
export interface Conversation {
  readonly call: TestCall;
  readonly from: string;
}

export class StaffedProduct {
  private started: { product: Product; agent?: Agent } | undefined;
  private callers = 0;

  /** Starts it before the tests of the `describe` around, and stops it after them. */
  startForTests(options?: ProductOptions | (() => Promise<ProductOptions>)): void {
    beforeAll(async () => {
      this.started = { product: await Product.start(typeof options === 'function' ? await options() : options) };
      this.started.agent = await Agent.signIn(this.product, 'agent1', AGENT_HZ);
    }, 180_000);

    afterAll(async () => {
      await this.started?.agent?.close();
      await this.started?.product.stop();
    }, 60_000);
  }

  get product(): Product {
    if (!this.started) throw new Error('the product has not started');
    return this.started.product;
  }

  get agent(): Agent {
    if (!this.started?.agent) throw new Error('the agent has not signed in');
    return this.started.agent;
  }

  /** A call to the main number, from the greeting by the menu to a conversation that both sides hear. */
  async converse(): Promise<Conversation> {
    this.callers += 1;
    const from = `+49302000${this.callers}`;
    await this.agent.goReady();
    const call = await callWithTone({ number: '4000', from, port: this.product.ports.sip, toneHz: CALLER_HZ });
    await untilAnswered(call);
    await untilHasHeardSound(call);
    void call.press('2');
    await this.agent.untilCall('ringing', 30_000);
    await this.agent.answer();
    await this.bothHear(call);
    return { call, from };
  }

  async bothHear(call: TestCall): Promise<void> {
    await untilHearsTone(call, AGENT_HZ);
    await this.agent.untilHears(CALLER_HZ);
  }
}
