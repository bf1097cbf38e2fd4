// codec: pure conversions between bytes and their written forms. This file: reading a text as a page or
// mail left it, character by character, without what carries no meaning: spaces, quoting, invisible
// characters, simple tags and entities. One pass; each character is looked at a bounded number of times.

/** What stood between a character and the one before it. */
export type Gap = 'none' | 'space' | 'line'

export const dash = 0x2d
const endOfText = -1

const lineTags = new Set(['br', 'p', 'div', 'pre', 'blockquote', 'li', 'tr', 'td'])
const inlineTags = new Set(['wbr', 'span', 'font', 'code', 'b', 'i', 'u', 'em', 'strong'])
const tag = /<\/?([a-z]{1,10})(?:\s[^<>]{0,500})?\/?>/iy
const entity = /&(nbsp|gt|shy|ndash|mdash|minus|hyphen|zwnj|zwj|#160|#173|#8203);/iy

const isSpace = (code: number): boolean =>
  code === 0x20 ||
  code === 0x09 ||
  code === 0xa0 ||
  code === 0x1680 ||
  (code >= 0x2000 && code <= 0x200a) ||
  code === 0x202f ||
  code === 0x205f ||
  code === 0x3000

const isLineBreak = (code: number): boolean =>
  (code >= 0x0a && code <= 0x0d) || code === 0x85 || code === 0x2028 || code === 0x2029

const isInvisible = (code: number): boolean =>
  code === 0xad ||
  code === 0x180e ||
  (code >= 0x200b && code <= 0x200f) ||
  (code >= 0x202a && code <= 0x202e) ||
  (code >= 0x2060 && code <= 0x2064) ||
  code === 0xfe0e ||
  code === 0xfe0f ||
  code === 0xfeff

export const isDash = (code: number): boolean =>
  code === dash ||
  (code >= 0x2010 && code <= 0x2015) ||
  code === 0x2212 ||
  code === 0xfe58 ||
  code === 0xfe63 ||
  code === 0xff0d

export interface Place {
  readonly start: number
  readonly gap: Gap
  readonly previousEnd: number
}

export class PageText {
  readonly #text: string
  #next = 0
  /** The character read last: its code (any dash as `-`), where it begins, and what stood before it. */
  code = endOfText
  start = 0
  gap: Gap = 'none'
  /** A dash that an editor makes of two. */
  long = false
  /** Where the last meaningful character before this one ended. */
  previousEnd = 0

  constructor(text: string) {
    this.#text = text
    this.advance()
  }

  get ended(): boolean {
    return this.code === endOfText
  }

  get place(): Place {
    return { start: this.start, gap: this.gap, previousEnd: this.previousEnd }
  }

  /** Back to a place that was read before. */
  return({ start, gap, previousEnd }: Place): void {
    this.#next = start
    this.advance()
    this.gap = gap
    this.previousEnd = previousEnd
  }

  /** On to the next match of a global pattern of one character. */
  seek(pattern: RegExp): void {
    pattern.lastIndex = this.start
    this.#next = pattern.exec(this.#text)?.index ?? this.#text.length
    this.advance()
  }

  /** The characters a sticky pattern takes from here on, and then the one after them. */
  run(pattern: RegExp): string {
    pattern.lastIndex = this.start
    const [run = ''] = pattern.exec(this.#text) ?? []
    if (run !== '') {
      this.#next = this.start + run.length
      this.advance()
    }
    return run
  }

  /** Takes these characters, whatever gaps stand between them, or none of them. */
  take(word: string, gaps: 'any' | 'none'): boolean {
    const { place } = this
    for (let i = 0; i < word.length; i++) {
      const apart = i > 0 && gaps === 'none' && this.gap !== 'none'
      if (this.code !== word.charCodeAt(i) || apart) {
        this.return(place)
        return false
      }
      this.advance()
    }
    return true
  }

  /** The UTF-16 unit just before this character, or NaN. */
  get unitBefore(): number {
    return this.#text.charCodeAt(this.start - 1)
  }

  advance(): void {
    this.previousEnd = this.#next
    this.gap = 'none'
    this.long = false
    for (;;) {
      this.start = this.#next
      const code = this.#next < this.#text.length ? this.#text.charCodeAt(this.#next) : endOfText
      if (code === 0x3c && this.#skipTag()) continue
      if (code === 0x26 && this.#skipEntity()) {
        if (this.code === dash) return
        continue
      }
      if (code === endOfText) break
      this.#next++
      if (this.#isPassedOver(code)) continue
      this.long = code >= 0x2013 && code <= 0x2015
      this.code = isDash(code) ? dash : code
      return
    }
    this.code = endOfText
  }

  #isPassedOver(code: number): boolean {
    if (isLineBreak(code)) this.gap = 'line'
    // A mark of quoting separates like a space.
    else if (isSpace(code) || code === 0x3e) this.#widen()
    else return isInvisible(code)
    return true
  }

  #widen(): void {
    if (this.gap === 'none') this.gap = 'space'
  }

  #skipTag(): boolean {
    tag.lastIndex = this.#next
    const match = tag.exec(this.#text)
    const name = match?.[1]?.toLowerCase() ?? ''
    if (!match || !(lineTags.has(name) || inlineTags.has(name))) return false
    if (lineTags.has(name)) this.gap = 'line'
    this.#next += match[0].length
    return true
  }

  #skipEntity(): boolean {
    entity.lastIndex = this.#next
    const match = entity.exec(this.#text)
    if (!match) return false
    const name = match[1]?.toLowerCase() ?? ''
    this.#next += match[0].length
    this.code = endOfText
    if (['ndash', 'mdash', 'minus', 'hyphen'].includes(name)) {
      this.code = dash
      this.long = name.endsWith('dash')
    } else if (['nbsp', 'gt', '#160'].includes(name)) this.#widen()
    return true
  }
}
