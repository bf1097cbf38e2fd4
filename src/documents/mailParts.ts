// documents: signed and encrypted documents, written, read and judged; pure: runs in plain Node.
// This file: mails, and parts of them, as lines: what quoting added is undone, and fields are told from the body.

/** Whatever ends lines here, and without `> ` before each, as often as the first has it. */
export function mailLines(text: string): readonly string[] {
  const lines = text.replace(/^\u{feff}/u, '').split(/\r\n|\n|\r/)
  const first = lines.find((line) => line.trim() !== '') ?? ''
  const marks = /^(> ?)+/.exec(first)?.[0]
  if (!marks) return lines
  const bare = marks.trimEnd()
  return lines.map((line) =>
    line.startsWith(marks)
      ? line.slice(marks.length)
      : line.startsWith(bare)
        ? line.slice(bare.length)
        : line,
  )
}

export interface MailPart {
  /** One field a line: folded ones are put together (RFC 5322 section 2.2.3). */
  readonly header: string
  readonly body: readonly string[]
}

/** @param lines of a part: the fields end at the first empty one */
export function splitPart(lines: readonly string[]): MailPart {
  const blank = lines.findIndex((line) => line.trim() === '')
  const end = blank < 0 ? lines.length : blank
  const header = lines
    .slice(0, end)
    .join('\n')
    .replaceAll(/\n[ \t]+/g, ' ')
  return { header, body: lines.slice(end + 1) }
}

/** A whole mail may have empty lines above it. */
export function splitMail(lines: readonly string[]): MailPart {
  const start = lines.findIndex((line) => line.trim() !== '')
  return splitPart(lines.slice(Math.max(0, start)))
}
