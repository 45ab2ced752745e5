/** A bar that follows a stream's loudness. It is drawn outside of React: sixty renders a second would be a waste. */
import { useEffect, useRef } from 'react';
import { audioContext } from './audio-context';
import { probeLevel } from './level';
import './level-meter.css';

interface LevelMeterProps {
  readonly label: string;
  readonly stream: MediaStream | undefined;
}

/** How much of the former level stays per frame when it gets quieter, so that the bar falls softly. */
const FALL = 0.88;

export const LevelMeter = ({ label, stream }: LevelMeterProps) => {
  const bar = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const element = bar.current;
    if (!stream || !element || stream.getAudioTracks().length === 0) return undefined;
    const probe = probeLevel(audioContext(), stream);
    let shown = 0;
    let frame = 0;
    const draw = (): void => {
      shown = Math.max(probe.read(), shown * FALL);
      element.style.clipPath = `inset(0 ${((1 - shown) * 100).toFixed(1)}% 0 0)`;
      element.dataset['level'] = shown.toFixed(2);
      frame = requestAnimationFrame(draw);
    };
    draw();
    return () => {
      cancelAnimationFrame(frame);
      probe.close();
      element.style.clipPath = '';
    };
  }, [stream]);
  return (
    <div className="meter">
      <span className="meter-label">{label}</span>
      <span className="meter-track" aria-hidden="true">
        <span className="meter-bar" ref={bar} />
      </span>
    </div>
  );
};
