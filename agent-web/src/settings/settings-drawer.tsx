/** A drawer with a form of settings: what failed above it, and below it to remove, to leave and to save. */
import { Alert, Button, Drawer, Popconfirm } from 'antd';
import type { ReactNode } from 'react';
import './settings-form.css';

export interface SettingsTexts {
  readonly title: string;
  readonly save: string;
  readonly cancel: string;
  readonly remove: string;
  /** The question before, and the answer that does it. */
  readonly removeSure: string;
  readonly removeYes: string;
}

interface SettingsDrawerProps {
  /** Begins the names by which tests find its parts. */
  readonly name: string;
  /** Ties the button below the form to it, so that Enter saves as well. */
  readonly formId: string;
  /** Pixels. */
  readonly width: number;
  readonly texts: SettingsTexts;
  readonly busy: boolean;
  /** What failed, in the reader's words. */
  readonly failure: string | undefined;
  /** Undefined where there is nothing to remove yet. */
  readonly onRemove: (() => Promise<void>) | undefined;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export const SettingsDrawer = (props: SettingsDrawerProps) => {
  const { name, formId, width, texts, busy, failure, onRemove, onClose, children } = props;
  return (
    <Drawer
      open
      title={texts.title}
      size={width}
      onClose={onClose}
      data-testid={`${name}-form`}
      footer={
        <div className="settings-footer">
          {onRemove && (
            <Popconfirm
              title={texts.removeSure}
              okText={texts.removeYes}
              cancelText={texts.cancel}
              onConfirm={onRemove}
            >
              <Button danger disabled={busy} data-testid={`${name}-remove`}>
                {texts.remove}
              </Button>
            </Popconfirm>
          )}
          <span className="settings-footer-space" />
          <Button onClick={onClose}>{texts.cancel}</Button>
          <Button type="primary" htmlType="submit" form={formId} loading={busy} data-testid={`${name}-save`}>
            {texts.save}
          </Button>
        </div>
      }
    >
      {failure !== undefined && <Alert type="error" showIcon title={failure} />}
      {children}
    </Drawer>
  );
};
