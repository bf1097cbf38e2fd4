// ui: what the person sees; speaks the protocol like any other client. This file: how strong a
// passphrase is. zxcvbn's word lists are large, so they are loaded when somebody first types one.

import { useEffect, useState } from 'preact/hooks'

export type Score = 0 | 1 | 2 | 3 | 4

async function loadMeter(): Promise<(passphrase: string) => Score> {
  const [{ ZxcvbnFactory }, common, english] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
    import('@zxcvbn-ts/language-en'),
  ])
  const meter = new ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...english.dictionary },
    graphs: common.adjacencyGraphs,
    translations: english.translations,
  })
  // Its time grows with the length; what is beyond 100 characters can only make it stronger.
  return (passphrase) => meter.check(passphrase.slice(0, 100)).score
}

let loading: Promise<(passphrase: string) => Score> | null = null

/** The word lists are part of the extension; they are read from disk once. */
async function scoreOf(passphrase: string): Promise<Score> {
  loading ??= loadMeter()
  const check = await loading
  return check(passphrase)
}

/** `null` for no passphrase, and until the word lists are there. */
export function useStrength(passphrase: string): Score | null {
  const [score, setScore] = useState<Score | null>(null)
  useEffect(() => {
    let stale = false
    if (passphrase === '') setScore(null)
    else void scoreOf(passphrase).then((found) => !stale && setScore(found))
    return () => {
      stale = true
    }
  }, [passphrase])
  return score
}
