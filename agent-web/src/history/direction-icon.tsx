/** Whether a call came in, went out, or was between people here. */
import { ArrowDownOutlined, ArrowUpOutlined, SwapOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import type { InteractionView } from '../../../api/contract/rest';

type Direction = InteractionView['direction'];

const ICONS = {
  inbound: <ArrowDownOutlined rotate={45} />,
  outbound: <ArrowUpOutlined rotate={45} />,
  internal: <SwapOutlined />,
};

export const DirectionIcon = ({ direction }: { readonly direction: Direction }) => {
  const { t } = useTranslation();
  const name = t(`call.direction.${direction}`);
  return (
    <span className={`history-direction direction-${direction}`} role="img" aria-label={name} title={name}>
      {ICONS[direction]}
    </span>
  );
};
