/** Small choices that this browser remembers; where storage is forbidden they last as long as the page. */
const PREFIX = 'switchroom.';
const fallback = new Map<string, string>();

export const readSetting = (name: string): string | undefined => {
  try {
    return localStorage.getItem(PREFIX + name) ?? undefined;
  } catch {
    return fallback.get(name);
  }
};

export const writeSetting = (name: string, value: string): void => {
  fallback.set(name, value);
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // Private windows of some browsers refuse; the fallback holds it for this page.
  }
};
