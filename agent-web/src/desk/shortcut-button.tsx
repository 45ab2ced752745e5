import { Button } from 'antd';
import type { ButtonProps } from 'antd';

interface ShortcutButtonProps extends ButtonProps {
  /** Pressed together with Alt it does what the button does; see use-call-shortcuts. */
  readonly letter: string;
  /** More than its text says. */
  readonly hint?: string | undefined;
}

/** A button that tells its key. */
export const ShortcutButton = ({ letter, hint, ...button }: ShortcutButtonProps) => {
  const keys = `Alt+${letter}`;
  return <Button aria-keyshortcuts={keys} title={hint === undefined ? keys : `${hint} (${keys})`} {...button} />;
};
