// pdf: PDF files read strictly, signed and compared; pure. This file: text in Helvetica, which every program has and no file
// needs to carry (ISO 32000-2 section 9.6.2.2), in WinAnsiEncoding (annex D.2).

/** Codes 0x80 to 0x9f, where they are not Latin-1's. */
const upper = '€\u0000‚ƒ„…†‡ˆ‰Š‹Œ\u0000Ž\u0000\u0000‘’“”•–—˜™š›œ\u0000žŸ'

/** Thousandths of the font size, from space to tilde. */
const widths = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
  556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
  611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
  667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
  222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
]

function codeOf(char: string): number | undefined {
  const code = char.codePointAt(0) ?? 0
  if ((code >= 0x20 && code <= 0x7e) || (code >= 0xa0 && code <= 0xff)) return code
  const at = code === 0 ? -1 : upper.indexOf(char)
  return at < 0 ? undefined : 0x80 + at
}

/** The letter without its marks, where that can be shown: ő as o. Else a question mark. */
const substitute = (char: string): number =>
  codeOf(char.normalize('NFKD').replace(/\p{M}/gu, '').at(0) ?? '?') ?? 0x3f

/** Whether Helvetica shows all of it as it is. Otherwise letters lose their marks, or become `?`. */
export const isShownExactly = (text: string): boolean =>
  [...text].every((char) => codeOf(char) !== undefined)

const winAnsi = (text: string): number[] =>
  Array.from(text, (char) => codeOf(char) ?? substitute(char))

/** In thousandths of the font size. Letters with marks are as wide as those without; of the rest the widest is taken. */
export function textWidth(text: string): number {
  const widthOf = (code: number) => {
    const plain = code < 0x7f ? code : substitute(String.fromCharCode(code))
    return plain === 0x3f && code !== 0x3f ? 1000 : (widths[plain - 0x20] ?? 1000)
  }
  return winAnsi(text).reduce((sum, code) => sum + widthOf(code), 0)
}

/** As a string of a content stream. */
export const showText = (text: string): string =>
  `<${winAnsi(text)
    .map((code) => code.toString(16).padStart(2, '0'))
    .join('')}> Tj`
