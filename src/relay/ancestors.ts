// relay: window <-> runtime, in the isolated world of every page; adds nothing, trusts nothing.
// This file: what stands between a frame and the top of its page. The browser tells the background a frame's
// origin and its tab's; of those in between it tells nothing, so frames below a stranger are kept out here.

/** Whether every frame above this one, up to the top alone, is of its own origin. Opaque ones never are. */
export function standsUnderTopAlone(): boolean {
  if (self.origin === 'null' || location.origin !== self.origin) return false
  for (let above = window.parent; above !== window.top; above = above.parent) {
    if (!isOfOurOrigin(above)) return false
  }
  return true
}

function isOfOurOrigin(other: Window): boolean {
  try {
    return other.location.origin === location.origin
  } catch {
    return false
  }
}
