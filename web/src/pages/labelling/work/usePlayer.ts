// Which frame of a video is shown, and the player. The player is a preview: the frame that it stands
// at is found by the time of the picture that it shows, never by a rate.
import { useEffect, useMemo, useRef, useState } from "react";

import { frameAt, type Frames, seconds, ticks } from "../../../labelling/time";
import { FrameCache } from "./frameCache";

export const SPEEDS = [0.25, 0.5, 1, 1.5, 2, 4];

export function usePlayer(frames: Frames, loadFrame: (frame: number) => Promise<Blob>) {
  const [frame, setFrame] = useState(0);
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState(1);
  const [unplayable, setUnplayable] = useState(false);
  const video = useRef<HTMLVideoElement>(null);
  const last = frames.pts.length - 1;
  const cache = useMemo(
    () => new FrameCache(loadFrame, frames.pts.length),
    // One for each item; the loader is made anew at every drawing.
    [frames],
  );
  const from = frames.pts[0] ?? 0;
  const frameOf = (time: number) => frameAt(frames, from + ticks(time, frames.timebase));
  const show = (next: number) => {
    const within = Math.max(0, Math.min(last, next));
    if (within !== frame) cache.ahead(within, within < frame ? -1 : 1);
    setFrame(within);
  };
  const pause = () => {
    const player = video.current;
    if (!player) return;
    player.pause();
    setPlaying(false);
    // At the end the player stands behind the last frame, which is the one that it shows.
    show(player.ended ? last : frameOf(player.currentTime));
  };
  const play = () => {
    const player = video.current;
    if (!player) return;
    if (playing) return pause();
    player.currentTime = seconds(
      (frames.pts[frame === last ? 0 : frame] ?? from) - from,
      frames.timebase,
    );
    player.playbackRate = speed;
    player.play().then(
      () => {
        setUnplayable(false);
        setPlaying(true);
      },
      () => {
        setPlaying(false);
        setUnplayable(true);
      },
    );
  };
  const go = (next: number) => {
    halt();
    show(next);
  };
  /** Stops where it stands; what stands already stays as it is. */
  const halt = () => {
    if (playing) pause();
  };
  const quick = (next: number) => {
    setSpeed(next);
    if (video.current) video.current.playbackRate = next;
  };
  const faster = (by: 1 | -1) => {
    const at = SPEEDS.indexOf(speed) + by;
    quick(SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, at))] ?? 1);
  };
  useEffect(() => {
    const player = video.current;
    if (!playing || !player) return;
    const follow = (time: number) => setFrame(frameAt(frames, from + ticks(time, frames.timebase)));
    let asked = 0;
    // A browser that does not tell which picture it shows is asked for its clock.
    if (!("requestVideoFrameCallback" in player)) {
      const clock = () => {
        follow(video.current?.currentTime ?? 0);
        asked = requestAnimationFrame(clock);
      };
      asked = requestAnimationFrame(clock);
      return () => cancelAnimationFrame(asked);
    }
    const told = (_now: number, { mediaTime }: VideoFrameCallbackMetadata) => {
      follow(mediaTime);
      asked = player.requestVideoFrameCallback(told);
    };
    asked = player.requestVideoFrameCallback(told);
    return () => player.cancelVideoFrameCallback(asked);
  }, [playing, frames, from]);
  return { frame, playing, speed, unplayable, video, cache, play, pause, halt, go, quick, faster };
}
