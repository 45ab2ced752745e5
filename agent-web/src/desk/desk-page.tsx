import { HistoryPanel } from '../history/history-panel';
import { AudioPanel } from './audio-panel';
import { CallPanel } from './call-panel';
import { DialPanel } from './dial-panel';
import { QueueTiles } from './queue-tiles';
import './desk-page.css';

export const DeskPage = () => (
  <div className="desk">
    <div className="desk-work">
      <QueueTiles />
      <CallPanel />
      <HistoryPanel />
    </div>
    <div className="desk-side">
      <DialPanel />
      <AudioPanel />
    </div>
  </div>
);
