// items: what people keep, and what is made of it; pure. This file: how easily a password or passphrase is
// guessed. zxcvbn's word lists are large, so they are loaded when somebody first asks.

/** 0: guessed at once; 4: not in a lifetime of guessing against a slow hash. */
export type Score = 0 | 1 | 2 | 3 | 4

async function loadMeter(): Promise<(password: string) => Score> {
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
  return (password) => meter.check(password.slice(0, 100)).score
}

let loading: Promise<(password: string) => Score> | null = null

/** Reads the word lists once; the function given then answers at once. */
export function strengthMeter(): Promise<(password: string) => Score> {
  loading ??= loadMeter()
  return loading
}
