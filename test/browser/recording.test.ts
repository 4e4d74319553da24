import { formatRecording, readRecording, Recorder, RECORDING_FORMATS } from '../../sdk/src/index.ts';
import { randomRecording } from '../sdk/recording-support.ts';
import { assert, equal } from './support.ts';

const SEED = 10;

describe('recording', () => {
  for (const format of RECORDING_FORMATS) {
    it(`${format}: a Blob is read back equal`, async () => {
      const recorder = new Recorder();
      for (const frame of randomRecording(SEED)) recorder.add(frame);
      const frames = [];
      for await (const frame of readRecording(recorder.toBlob(format), format)) frames.push(frame);
      assert(frames.length > 10, 'a recording worth comparing');
      equal(formatRecording(frames, 'jsonl'), formatRecording(recorder.frames, 'jsonl'), 'frames');
    });
  }

  it("vtt: a track's cues hold the frames at their times", async () => {
    const recorder = new Recorder();
    // More than a millisecond apart, so that the browser, which orders cues by time, keeps their order.
    for (const [i, frame] of randomRecording(SEED).entries())
      recorder.add({ ...frame, timestamp: 500 + 40 * i });
    const { frames } = recorder;
    const video = document.createElement('video');
    const track = document.createElement('track');
    track.kind = 'metadata';
    track.src = URL.createObjectURL(recorder.toBlob('vtt'));
    video.append(track);
    document.body.append(video);
    try {
      const loaded = new Promise((resolve, reject) => {
        track.onload = resolve;
        track.onerror = () => reject(new Error('the track does not load'));
      });
      track.track.mode = 'hidden';
      await loaded;
      const cues = [...(track.track.cues as Iterable<TextTrackCue> | null)!] as VTTCue[];
      equal(cues.length, frames.length, 'cues');
      for (const [i, cue] of cues.entries()) {
        equal(Math.round(cue.startTime * 1000), 40 * i, 'start, ms');
        equal(Math.round(cue.endTime * 1000), 40 * (i + 1), 'end, ms');
        const { timestamp, faces } = JSON.parse(cue.text) as { timestamp: number; faces: unknown[] };
        equal(timestamp, frames[i].timestamp);
        equal(faces.length, frames[i].faces.length, 'faces');
      }
    } finally {
      video.remove();
      URL.revokeObjectURL(track.src);
    }
  });
});
