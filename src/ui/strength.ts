// ui: what the person sees; speaks the protocol like any other client. This file: how strong a
// passphrase is, while it is typed.

import { useEffect, useState } from 'preact/hooks'
import { type Score, strengthMeter } from '../items/strength.ts'

/** `null` for no passphrase, and until the word lists are there. */
export function useStrength(passphrase: string): Score | null {
  const [score, setScore] = useState<Score | null>(null)
  useEffect(() => {
    let stale = false
    if (passphrase === '') setScore(null)
    else void strengthMeter().then((scoreOf) => !stale && setScore(scoreOf(passphrase)))
    return () => {
      stale = true
    }
  }, [passphrase])
  return score
}
