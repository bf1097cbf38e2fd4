// codec: pure conversions between bytes and their written forms. This file: somebody's text among ours, where
// nothing in it may hide, break a line of ours or turn what stands around it.

/** Control and format characters, and separators of lines and paragraphs, each as a replacement character. */
export const visible = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{fffd}')

/** The same for a text of several lines, which may hold tabs. */
export const visibleLines = (text: string): string =>
  text
    .split(/\r?\n/)
    .map((line) => line.split('\t').map(visible).join('\t'))
    .join('\n')
