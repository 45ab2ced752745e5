import { useTranslation } from 'react-i18next';

const KEYS = [
  ['1', ''],
  ['2', 'ABC'],
  ['3', 'DEF'],
  ['4', 'GHI'],
  ['5', 'JKL'],
  ['6', 'MNO'],
  ['7', 'PQRS'],
  ['8', 'TUV'],
  ['9', 'WXYZ'],
  ['*', ''],
  ['0', '+'],
  ['#', ''],
] as const;

/** Names without characters that selectors must escape. */
const TEST_NAMES: Partial<Record<string, string>> = { '*': 'star', '#': 'hash' };

interface DialPadProps {
  readonly onKey: (key: string) => void;
}

export const DialPad = ({ onKey }: DialPadProps) => {
  const { t } = useTranslation();
  return (
    <div className="dial-pad" role="group" aria-label={t('dial.keypad')}>
      {KEYS.map(([key, letters]) => (
        <button
          key={key}
          type="button"
          className="dial-key"
          aria-label={t('dial.key', { key })}
          onClick={() => onKey(key)}
          data-testid={`dial-pad-${TEST_NAMES[key] ?? key}`}
        >
          <span className="dial-digit">{key}</span>
          <span className="dial-letters">{letters}</span>
        </button>
      ))}
    </div>
  );
};
