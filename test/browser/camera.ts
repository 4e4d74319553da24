/** Chromium's test-pattern camera, with a prompt that can be held open and a memory of what it gave. */
export interface WatchedCamera {
  /** Every track handed out. */
  readonly tracks: MediaStreamTrack[];
  /** What was asked for. */
  readonly requests: (MediaStreamConstraints | undefined)[];
  /** Leaves the prompt unanswered until the returned function is called. */
  hold(): () => void;
  restore(): void;
}

export function watchCamera(): WatchedCamera {
  const { mediaDevices } = navigator;
  const original = mediaDevices.getUserMedia;
  const tracks: MediaStreamTrack[] = [];
  const requests: (MediaStreamConstraints | undefined)[] = [];
  let prompt: Promise<void> = Promise.resolve();
  mediaDevices.getUserMedia = async (constraints) => {
    requests.push(constraints);
    await prompt;
    const stream = await original.call(mediaDevices, constraints);
    tracks.push(...stream.getTracks());
    return stream;
  };
  return {
    tracks,
    requests,
    hold() {
      let answer = (): void => undefined;
      prompt = new Promise((resolve) => (answer = resolve));
      return answer;
    },
    restore: () => (mediaDevices.getUserMedia = original),
  };
}
