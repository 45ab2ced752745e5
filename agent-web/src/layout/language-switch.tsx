import { GlobalOutlined } from '@ant-design/icons';
import { Button, Dropdown } from 'antd';
import { useTranslation } from 'react-i18next';
import { LANGUAGES, LANGUAGE_NAMES, chooseLanguage, currentLanguage } from '../i18n';

/** Every language by its own name: who needs it finds it whatever the page speaks. */
export const LanguageSwitch = () => {
  const { t } = useTranslation();
  const language = currentLanguage();
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        selectable: true,
        selectedKeys: [language],
        items: LANGUAGES.map((key) => ({
          key,
          label: <span data-testid={`language-${key}`}>{LANGUAGE_NAMES[key]}</span>,
          onClick: () => void chooseLanguage(key),
        })),
      }}
    >
      <Button type="text" icon={<GlobalOutlined />} aria-label={t('app.language')} data-testid="language-switch">
        <span className="language-name">{LANGUAGE_NAMES[language]}</span>
      </Button>
    </Dropdown>
  );
};
