// codec: pure conversions between bytes and their written forms. This file: reading a text as a page or
// mail left it, character by character, without what carries no meaning: spaces, quoting, invisible
// characters, simple tags and entities. One pass; each character is looked at a bounded number of times.

/** What stood between a character and the one before it. */
export type Gap = 'none' | 'space' | 'line'

export const dash = 0x2d
const endOfText = -1

const lineTags = new Set(
  'br p div pre blockquote ul ol li dl dt dd table tbody tr td th h1 h2 h3 section article'.split(
    ' ',
  ),
)
const inlineTags = new Set(
  'wbr span font code b i u em strong a s del ins strike mark small big tt kbd samp sub sup o:p'.split(
    ' ',
  ),
)
const tag = /<\/?([a-z][a-z0-9:]{0,9})(?:\s[^<>]{0,2000})?\/?>/iy
/** What a sanitiser left of one, to be read. */
const writtenTag = /&(?:amp;)?lt;\/?([a-z][a-z0-9]{0,9})(?:\s[^<>&]{0,500})?\/?&(?:amp;)?gt;/iy
const comment = /<!--[^<>]{0,500}-->/y
/** Where several programs escaped a text, one after the other, its `&` as well. */
const entity = /&(?:amp;){0,3}(?:#(\d{1,6})|#x([0-9a-f]{1,5})|([a-z]{2,6}));/iy
const entities: ReadonlyMap<string, number> = new Map([
  ['nbsp', 0xa0],
  ['gt', 0x3e],
  ['shy', 0xad],
  ['ndash', 0x2013],
  ['mdash', 0x2014],
  ['minus', 0x2212],
  ['hyphen', 0x2010],
  ['zwnj', 0x200c],
  ['zwj', 0x200d],
  ['sol', 0x2f],
  ['plus', 0x2b],
  ['equals', 0x3d],
])

/** What chats, Markdown and mail make of something that looks like an address: `<url|text>`, `[text](url)`, `text <url>`. */
const chatLink = /<(https?:[^\s<>|]{1,2000})\|([^\s<>|]{1,500})>/iy
const markdownLink = /\[([^\s[\]()<>]{1,500})\]\((https?:[^\s()<>]{1,2000})\)/iy
const markdownLinkEnd = /\]\(https?:[^\s()<>]{1,2000}\)/iy
const linkBehind = /<(https?:\/\/([^\s<>|]{1,2000}))>/iy

/** Letters that a PDF shows, and copies, as one. */
const ligatures: ReadonlyMap<number, string> = new Map([
  [0xfb00, 'ff'],
  [0xfb01, 'fi'],
  [0xfb02, 'fl'],
  [0xfb03, 'ffi'],
  [0xfb04, 'ffl'],
  [0xfb05, 'st'],
  [0xfb06, 'st'],
])

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
  /** The characters that this one stands for, where it is written otherwise than they are. */
  spelled = ''
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
      this.spelled = ''
      if (this.#skipMarkup()) continue
      const code = this.#take()
      if (code !== endOfText && this.#isPassedOver(code)) continue
      this.long = code >= 0x2013 && code <= 0x2015
      this.code = isDash(code) ? dash : code
      return
    }
  }

  /** The next character, as it is or as an entity. */
  #take(): number {
    if (this.#next >= this.#text.length) return endOfText
    const code = this.#text.charCodeAt(this.#next)
    const match = code === 0x26 ? this.#match(entity) : null
    if (!match) {
      this.spelled = ligatures.get(code) ?? ''
      this.#next++
      return code
    }
    const [whole, decimal, hex, name = ''] = match
    const digits = decimal ?? hex
    const meant = digits
      ? Number.parseInt(digits, decimal ? 10 : 16)
      : entities.get(name.toLowerCase())
    // One that means nothing here is read as it is written.
    this.#next += meant === undefined ? 1 : whole.length
    if (meant !== undefined) this.spelled = String.fromCodePoint(meant)
    return meant ?? code
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#next
    return pattern.exec(this.#text)
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

  #skipMarkup(): boolean {
    switch (this.#text.charCodeAt(this.#next)) {
      case 0x3c:
        return this.#skipTag(tag) || this.#skip(comment) || this.#skipLink()
      case 0x26:
        return this.#skipTag(writtenTag)
      case 0x5b:
        return this.#skipMarkdownLink()
      case 0x5d:
        return this.#skip(markdownLinkEnd)
      case 0x5c:
        return this.#skipBackslash()
      default:
        return false
    }
  }

  #skip(pattern: RegExp): boolean {
    const [whole = ''] = this.#match(pattern) ?? []
    this.#next += whole.length
    return whole !== ''
  }

  #skipTag(pattern: RegExp): boolean {
    const [whole = '', name = ''] = this.#match(pattern) ?? []
    const isLine = lineTags.has(name.toLowerCase())
    if (!isLine && !inlineTags.has(name.toLowerCase())) return false
    if (isLine) this.gap = 'line'
    this.#next += whole.length
    return true
  }

  /** Only where address and text are the same, so that it does not matter which of them is taken. */
  #skipLink(): boolean {
    const chat = this.#match(chatLink)
    if (chat) {
      const [, url = '', text = ''] = chat
      // What is left is the text, and a `>`.
      if (isLinkOf(url, text)) this.#next += `<${url}|`.length
      return isLinkOf(url, text)
    }
    const [whole = '', url = '', rest = ''] = this.#match(linkBehind) ?? []
    const before = this.#text.slice(Math.max(0, this.#next - rest.length - 2), this.#next).trimEnd()
    const text = before.slice(before.search(/\S+$/))
    if (text === '' || !isLinkOf(url, text)) return false
    this.#next += whole.length
    return true
  }

  #skipMarkdownLink(): boolean {
    const [, text = '', url = ''] = this.#match(markdownLink) ?? []
    if (text === '' || !isLinkOf(url, text)) return false
    this.#next++
    return true
  }

  /** Of a line break in Markdown, of an escaped sign there, or of a line break as programs write it. */
  #skipBackslash(): boolean {
    const next = this.#text.charAt(this.#next + 1)
    const isBreak = next === 'n' || next === 'r'
    if (!isBreak && /\w/.test(next)) return false
    if (isBreak) this.gap = 'line'
    this.#next += isBreak ? 2 : 1
    return true
  }
}

/** Whether an address was made of this text by nothing but writing its beginning. */
function isLinkOf(url: string, text: string): boolean {
  const bare = (address: string) => address.replace(/^https?:\/\//i, '').replace(/\/$/, '')
  return bare(decoded(url)) === bare(text) || bare(url) === bare(text)
}

function decoded(url: string): string {
  try {
    return decodeURIComponent(url)
  } catch {
    return url
  }
}
