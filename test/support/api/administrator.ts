/** The API with an administrator signed in, for the tests of one file; with its end. */
import { ApiFixture } from './api-fixture';

export interface Administrator {
  readonly api: ApiFixture;
  /** @param path below `/api/v1`. @param as of the administrator, or whose token this is. */
  readonly send: (method: string, path: string, body?: unknown, as?: string) => Promise<Response>;
}

export const administrator = (): Administrator => {
  const api = new ApiFixture();
  let token = '';
  beforeAll(async () => {
    await api.start();
    ({ token } = await api.session('admin'));
  });
  afterAll(() => api.stop());
  return {
    api,
    send: (method, path, body, as = token) => api.sendAs(as, { method, path: `/api/v1${path}`, body }),
  };
};
