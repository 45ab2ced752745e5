import { SwapOutlined } from '@ant-design/icons';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { canTransfer } from './current-call';
import type { CurrentCall } from './current-call';
import { ShortcutButton } from './shortcut-button';
import { TransferDialog } from './transfer-dialog';
import { isAltPress } from './use-call-shortcuts';

/** Opens the dialog, by a click or by Alt+T. */
export const TransferButton = ({ call }: { readonly call: CurrentCall }) => {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const usable = canTransfer(call);
  useEffect(() => {
    if (!usable) return undefined;
    const press = (event: KeyboardEvent): void => {
      if (!isAltPress(event) || event.code !== 'KeyT') return;
      event.preventDefault();
      setOpen(true);
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [usable]);
  return (
    <>
      <ShortcutButton
        letter="T"
        size="large"
        icon={<SwapOutlined />}
        disabled={!usable}
        onClick={() => setOpen(true)}
        data-testid="call-transfer"
      >
        {t('transfer.open')}
      </ShortcutButton>
      <TransferDialog call={call} open={open && usable} onClose={() => setOpen(false)} />
    </>
  );
};
