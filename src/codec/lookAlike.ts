// codec: pure conversions between bytes and their written forms. This file: names that look the same in different
// letters, after Unicode Technical Standard 39 (sections 4 and 5).

/**
 * Letters of other scripts, and rare ones of Latin, by the Latin letter they look like: from Unicode's
 * confusables.txt, what people's names can be written in. Capitals apart: В looks like B, and в does not.
 */
const byLatin: Readonly<Record<string, string>> = {
  a: 'ɑαа',
  A: 'ΑАᎪꓮ',
  b: 'ƄЬᏏɓƃƂБƀҍҌѣѢ',
  B: 'ꞴΒВᏴꓐ',
  c: 'ᴄⲥсꮯȼҫ',
  C: 'ⲤСᏟꓚҪ',
  d: 'ԁᏧꓒɗɖƌđ',
  D: 'ᎠꓓĐÐƉ',
  e: 'ꬲеҽɇҿ',
  E: 'ΕЕᎬꓰɆ',
  f: 'ꬵꞙքƒᵮ',
  F: 'ꞘϜꓝƑ',
  g: 'ɡᶃƍցɠǥ',
  G: 'ԌᏀᏳꓖǤ',
  h: 'һհᏂɦꚕᏲħћ',
  H: 'ΗⲎНᎻꓧⱧҢĦӉӇ',
  i: 'ıɪɩιіꙇꭵᎥɨᵻᵼ',
  j: 'ϳјɉ',
  J: 'ꞲͿЈᎫꓙɈ',
  K: 'ΚⲔКᏦꓗⱩҚꝀҞ',
  k: 'ƙκк',
  l: 'I1|ƖǀΙⲒІӀӏꓲłɭƗƚɫ',
  L: 'ⳐᏞꓡŁ',
  M: 'ΜϺⲘМᎷꓟӍ',
  n: 'ոռɳƞηᵰ',
  N: 'ΝⲚꓠƝ',
  o: '0ᴏᴑꬽοσⲟоօøꬾɵꝋөѳꮎꮻꭴ',
  O: 'ΟⲞОՕꓳØƟꝊθΘӨѲᎾᏫ',
  p: 'ρⲣрƥᵽ',
  P: 'ΡⲢРᏢꓑ',
  q: 'ԛգզʠ',
  r: 'ꭇꭈᴦⲅгꮁɽɼɍғᵲ',
  R: 'ƦᎡᏒꓣ',
  s: 'ꜱƽѕꮪʂᵴ',
  S: 'ЅՏᏕᏚꓢ',
  t: 'ƭŧᵵτт',
  T: 'ΤⲦТᎢꓔȾƮҬŦ',
  u: 'ꞟᴜꭎꭒʋυսᵾꮜ',
  U: 'ՍꓴɄᏌ',
  v: 'ᴠνѵꮩ',
  V: 'ѴᏙꓦ',
  w: 'ɯᴡѡԝաꮃѽꝡ',
  W: 'ԜᎳᏔꓪ',
  x: 'хχ',
  X: 'ꞳΧⲬХꓫҲ',
  y: 'ɣᶌʏỿꭚγуүƴɏұ',
  Y: 'ΥⲨУҮᎩᎽꓬɎҰ',
  z: 'ᴢꮓʐƶȥᵶ',
  Z: 'ΖᏃꓜƵȤ',
  "'": '’‘ʼʹ′`´ˈ',
  '-': '‐‑‒–—−',
}

const latinFor: ReadonlyMap<string, string> = new Map(
  Object.entries(byLatin).flatMap(([latin, others]) => [...others].map((one) => [one, latin])),
)

/** Accents, and what is not drawn at all: a name with them is taken for the one without. */
const unseen = /[\p{M}\p{Default_Ignorable_Code_Point}]/gu

/** The same for names that look alike: not to be shown, nor to be read. */
function looksOf(name: string): string {
  const letters = [...name.normalize('NFKD').replace(unseen, '')]
  return letters
    .map((letter) => latinFor.get(letter) ?? letter)
    .join('')
    .toLowerCase()
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
    .replace(/\s+/g, ' ')
}

export const lookAlike = (one: string, other: string): boolean => looksOf(one) === looksOf(other)

/** Scripts that share letters by their looks. Others stand beside Latin in one word, as in Japanese. */
const alikeScripts = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Cherokee}/u,
  /\p{Script=Coptic}/u,
  /\p{Script=Lisu}/u,
]

/** Whether one word of it is written in letters of two scripts that look alike: hardly a name. */
export const mixesScripts = (name: string): boolean =>
  name.split(/[\s-]+/).some((word) => alikeScripts.filter((script) => script.test(word)).length > 1)
