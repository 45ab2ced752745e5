import { Button } from 'antd';
import type { ButtonProps } from 'antd';

interface ShortcutButtonProps extends ButtonProps {
  /** Pressed together with Alt it does what the button does; see use-call-shortcuts. */
  readonly letter: string;
}

/** A button that tells its key. */
export const ShortcutButton = ({ letter, ...button }: ShortcutButtonProps) => (
  <Button aria-keyshortcuts={`Alt+${letter}`} title={`Alt+${letter}`} {...button} />
);
