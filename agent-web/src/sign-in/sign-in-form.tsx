import { Alert, Button, Form, Input } from 'antd';
import type { InputRef } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LoginRequest, Session } from '../../../api/contract/rest';
import { signIn } from '../api/resources';
import { readSetting, writeSetting } from '../api/settings';
import { signInErrorText } from './sign-in-error';

interface SignInFormProps {
  /** Shown until the first try. */
  readonly notice: string | undefined;
  readonly noticeIsError: boolean;
  readonly onSignedIn: (session: Session) => void;
}

const USER_NAME_SETTING = 'user-name';

export const SignInForm = ({ notice, noticeIsError, onSignedIn }: SignInFormProps) => {
  const { t } = useTranslation();
  const [form] = Form.useForm<LoginRequest>();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const password = useRef<InputRef>(null);
  const rememberedName = readSetting(USER_NAME_SETTING) ?? '';

  const submit = async (values: LoginRequest): Promise<void> => {
    setBusy(true);
    setFailure(undefined);
    try {
      const session = await signIn({ userName: values.userName.trim(), password: values.password });
      writeSetting(USER_NAME_SETTING, session.user.userName);
      onSignedIn(session);
    } catch (error) {
      setFailure(error);
      setBusy(false);
      password.current?.focus({ cursor: 'all' });
    }
  };

  const problem = failure === undefined ? notice : signInErrorText(failure, t);
  return (
    <Form<LoginRequest>
      form={form}
      layout="vertical"
      requiredMark={false}
      initialValues={{ userName: rememberedName }}
      onFinish={(values) => void submit(values)}
      disabled={busy}
    >
      <div className="sign-in-notice" role="alert">
        {problem !== undefined && (
          <Alert showIcon type={failure !== undefined || noticeIsError ? 'error' : 'info'} title={problem} />
        )}
      </div>
      <Form.Item
        name="userName"
        label={t('signIn.userName')}
        rules={[{ required: true, whitespace: true, message: t('signIn.userNameMissing') }]}
      >
        <Input
          size="large"
          maxLength={64}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus={rememberedName === ''}
          data-testid="username"
        />
      </Form.Item>
      <Form.Item
        name="password"
        label={t('signIn.password')}
        rules={[{ required: true, message: t('signIn.passwordMissing') }]}
      >
        <Input.Password
          ref={password}
          size="large"
          maxLength={256}
          autoComplete="current-password"
          autoFocus={rememberedName !== ''}
          data-testid="password"
        />
      </Form.Item>
      <Button block size="large" type="primary" htmlType="submit" loading={busy} data-testid="sign-in">
        {t('signIn.submit')}
      </Button>
    </Form>
  );
};
