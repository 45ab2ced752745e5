import { SwapOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CurrentCall } from './current-call';
import { TransferDialog } from './transfer-dialog';

interface TransferButtonProps {
  readonly call: CurrentCall;
  readonly disabled: boolean;
}

/** Opens the dialog, by a click or by Alt+T. */
export const TransferButton = ({ call, disabled }: TransferButtonProps) => {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const unusable = disabled || !call.view;
  useEffect(() => {
    if (unusable) return undefined;
    const press = (event: KeyboardEvent): void => {
      if (!event.altKey || event.ctrlKey || event.metaKey || event.repeat || event.code !== 'KeyT') return;
      event.preventDefault();
      setOpen(true);
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [unusable]);
  return (
    <>
      <Button
        size="large"
        icon={<SwapOutlined />}
        aria-keyshortcuts="Alt+T"
        title="Alt+T"
        disabled={unusable}
        onClick={() => setOpen(true)}
        data-testid="call-transfer"
      >
        {t('transfer.open')}
      </Button>
      <TransferDialog call={call} open={open && !unusable} onClose={() => setOpen(false)} />
    </>
  );
};
