import { SimulatedClock } from '../../../base/clock';
import { QueueNews } from '../../../calls/queue-news';

const setUp = () => {
  const clock = new SimulatedClock();
  const told: number[] = [];
  const begunMs = clock.monotonicMs();
  const news = new QueueNews({ clock, tell: () => told.push(clock.monotonicMs() - begunMs) });
  return { clock, told, news };
};

it('tells a change at once, and those that follow within a quarter of a second together', () => {
  const { clock, told, news } = setUp();
  news.changed();
  expect(told).toEqual([0]);
  for (let change = 0; change < 40; change += 1) {
    clock.advance(5);
    news.changed();
  }
  expect(told).toEqual([0]);
  clock.advance(1_000);
  expect(told).toEqual([0, 250]);
  expect(clock.pendingTimers).toBe(0);
});

it('tells what comes after a pause at once again', () => {
  const { clock, told, news } = setUp();
  news.changed();
  clock.advance(300);
  news.changed();
  expect(told).toEqual([0, 300]);
  expect(clock.pendingTimers).toBe(0);
});

it('tells nothing when it is closed', () => {
  const { clock, told, news } = setUp();
  news.changed();
  news.changed();
  news.close();
  news.close();
  clock.advance(1_000);
  expect(told).toEqual([0]);
  expect(clock.pendingTimers).toBe(0);
});
