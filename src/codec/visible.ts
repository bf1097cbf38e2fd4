// codec: pure conversions between bytes and their written forms. This file: somebody's text on one line of ours, where
// nothing in it may hide, break the line or turn what stands around it.

/** Control and format characters, and separators of lines and paragraphs, each as a replacement character. */
export const visible = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{fffd}')
