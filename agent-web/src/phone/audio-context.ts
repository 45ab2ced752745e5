/** The page's one audio context, which a browser lets sound only after the user has touched the page. */
let context: AudioContext | undefined;

export const audioContext = (): AudioContext => {
  if (!context) {
    const created = new AudioContext({ latencyHint: 'interactive' });
    context = created;
    const wake = (): void => void created.resume().catch(() => undefined);
    document.addEventListener('pointerdown', wake);
    document.addEventListener('keydown', wake);
  }
  return context;
};
