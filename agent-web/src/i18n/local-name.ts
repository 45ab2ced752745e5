/** Names that administrators give: queues and people have a Chinese one, too. */
import { currentLanguage } from './index';

/** The name in the desk's language, as far as there is one. */
export const localName = <Name extends string | undefined>(name: Name, nameZh: string | undefined): Name | string =>
  (currentLanguage() === 'zh' && nameZh) || name;
