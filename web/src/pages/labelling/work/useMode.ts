// The mode of the canvas as React holds it. Asking for the place of an issue comes before whatever
// the hand was about, from the first drawing on: nobody clicks into the mode of a moment ago.
import { type Dispatch, type SetStateAction, useLayoutEffect, useState } from "react";

import { after, type Mode } from "../../../labelling/modes";

export function useMode(
  pinning: boolean,
  mayLabel: boolean,
): [Mode, Dispatch<SetStateAction<Mode>>] {
  const [own, setOwn] = useState<Mode>(mayLabel ? "select" : "look");
  useLayoutEffect(() => {
    if (pinning) setOwn((was) => after(was, "pinned", mayLabel));
  }, [pinning, mayLabel]);
  return [pinning ? after(own, "pin", mayLabel) : own, setOwn];
}
