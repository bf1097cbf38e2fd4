// pdf: PDF files read strictly, signed and compared; pure. This file: what later revisions changed after a signature, and
// whether it allowed that. What is not proved harmless is a change.

import type { Bytes } from '../codec/bytes.ts'
import {
  compareViews,
  type Finding,
  type FindingCode,
  type FindingKind,
  type Snapshot,
  snapshotOf,
} from './compare.ts'
import type { Revision } from './crossReference.ts'
import { PdfError } from './errors.ts'
import type { PdfFile } from './file.ts'
import { isWhitespace, Lexer } from './lexer.ts'
import { openPdf } from './open.ts'
import { type FieldLock, isLocked } from './permissions.ts'
import type { Budget } from './plainComparison.ts'
import { type PdfSignature, signaturesOf } from './signatures.ts'

/** From the least to the most. */
export const changeKinds = [
  'nothing',
  'validation data',
  'later signature',
  'form fill',
  'annotations',
  'page content',
  'other',
] as const
export type ChangeKind = (typeof changeKinds)[number]

export interface Change extends Finding {
  readonly isAllowed: boolean
}

export interface RevisionChanges {
  readonly revision: number
  readonly kind: ChangeKind
  readonly changes: readonly Change[]
  readonly isAllowed: boolean
}

export interface Changes {
  /** The gravest of all later revisions. */
  readonly kind: ChangeKind
  /** Whether the signature, and those before it, allow all of it. */
  readonly isAllowed: boolean
  readonly revisions: readonly RevisionChanges[]
}

const mostPairs = 20_000_000

const gravest = (kinds: readonly ChangeKind[]): ChangeKind =>
  changeKinds[Math.max(0, ...kinds.map((kind) => changeKinds.indexOf(kind)))] ?? 'other'

/** What came after that signature of `readSignatures(bytes)`. Throws `PdfError` only where `readSignatures` does. */
export function whatChanged(bytes: Bytes, signature: PdfSignature): Changes {
  const file = openPdf(bytes)
  return new LaterChanges(file, signaturesOf(file)).after(signature)
}

/**
 * Every revision is compared with the one before it, once for all signatures of a file: they differ only in what they
 * allow. One budget is for all of it, and what is left uncompared counts as changed.
 */
export class LaterChanges {
  readonly #file: PdfFile
  readonly #signatures: readonly PdfSignature[]
  readonly #budget: Budget = { left: mostPairs }
  readonly #found = new Map<number, readonly Finding[]>()
  #nextOlder: Snapshot | null = null

  constructor(file: PdfFile, signatures: readonly PdfSignature[]) {
    this.#file = file
    this.#signatures = signatures
  }

  after(signature: PdfSignature): Changes {
    const file = this.#file
    const { revision } = signature
    if (revision === null || signature.problems.length > 0) return broken('signature-not-sound')
    if (file.problems.some(({ code }) => code === 'rebuilt')) return broken('file-not-readable')
    const limits = limitsOf(this.#signatures, revision)
    this.compareFrom(revision + 1)
    const revisions = file.revisions
      .slice(revision)
      .map(({ number }) => judged(number, this.#found.get(number) ?? [], limits))
    const tail = hiddenTail(file)
    if (tail) revisions.push(tail)
    return {
      kind: gravest(revisions.map(({ kind }) => kind)),
      isAllowed: revisions.every(({ isAllowed }) => isAllowed),
      revisions,
    }
  }

  /**
   * The newest first: an object that cannot be read is told once, where it is first met, and so it is told of a revision
   * that comes after every signature it matters to.
   */
  compareFrom(first: number): void {
    for (const later of this.#file.revisions.toReversed()) {
      if (later.number >= first) this.#compare(later)
    }
  }

  #compare(later: Revision): void {
    if (this.#found.has(later.number)) return
    this.#found.set(later.number, [...this.#findings(later), ...hiddenBytes(this.#file, later)])
  }

  /** A file that cannot be compared is a changed file. */
  #findings({ number }: Revision): Finding[] {
    const file = this.#file
    const now = this.#nextOlder?.view.revision === number ? this.#nextOlder : null
    this.#nextOlder = null
    try {
      const before = file.problemCount
      const old = snapshotOf(file.view(number - 1), this.#budget)
      this.#nextOlder = old
      const current = now ?? snapshotOf(file.view(number), this.#budget)
      const findings = compareViews(old, current, this.#budget)
      const isUnreadable = file.problemCount > before || structuralProblems(file)
      return isUnreadable ? [...findings, other('structure')] : findings
    } catch (error) {
      if (error instanceof PdfError || error instanceof RangeError) return [other('not-comparable')]
      throw error
    }
  }
}

function broken(code: FindingCode): Changes {
  const change: Change = { ...other(code), isAllowed: false }
  const revision = { revision: 0, kind: 'other', changes: [change], isAllowed: false } as const
  return { kind: 'other', isAllowed: false, revisions: [revision] }
}

interface Limits {
  /** The strictest of the certification and of locks; `null` where nobody certified. */
  readonly level: number | null
  readonly isCertified: boolean
  readonly locks: readonly FieldLock[]
}

/** Of that signature and all before it: whoever signs a certified file signs its limits, too. */
function limitsOf(all: readonly PdfSignature[], revision: number): Limits {
  const earlier = all.filter((other) => other.revision !== null && other.revision <= revision)
  const levels = earlier.flatMap(({ docMdp, lockLevel }) => [docMdp ?? [], lockLevel ?? []].flat())
  return {
    level: levels.length > 0 ? Math.min(...levels) : null,
    isCertified: earlier.some(({ docMdp }) => docMdp !== null),
    locks: earlier.flatMap(({ fieldLocks }) => fieldLocks),
  }
}

function judged(revision: number, findings: readonly Finding[], limits: Limits): RevisionChanges {
  const changes = findings.map((finding) => ({ ...finding, isAllowed: isAllowed(finding, limits) }))
  return {
    revision,
    kind: gravest(changes.map(({ kind }) => kind)),
    changes,
    isAllowed: changes.every((change) => change.isAllowed),
  }
}

/** Offsets and sizes that make programs see different files. */
const structuralProblems = (file: PdfFile): boolean =>
  file.problems.some(({ code }) =>
    ['xref-order', 'xref-size', 'xref-duplicate', 'revision-end', 'startxref'].includes(code),
  )

const other = (code: FindingCode): Finding => ({
  kind: 'other',
  code,
  path: '',
  page: null,
  field: null,
  was: null,
  is: null,
})

const levelNeeded: Readonly<Record<FindingKind, number>> = {
  'validation data': 1,
  'later signature': 2,
  'form fill': 2,
  annotations: 3,
  'page content': 4,
  other: 4,
}

/** Without a certification a file may be filled in and signed further, but not annotated. */
function isAllowed(finding: Finding, { level, isCertified, locks }: Limits): boolean {
  if (levelNeeded[finding.kind] > (level ?? 2)) return false
  // A new visible field could cover what was certified.
  if (finding.code === 'new-visible-signature' && isCertified && (level ?? 2) < 3) return false
  const { field } = finding
  return (
    finding.kind === 'validation data' ||
    field === null ||
    !locks.some((lock) => isLocked(lock, field))
  )
}

/** Bytes of an update that are in no object of its table: one program does not see them, another may. */
function hiddenBytes(file: PdfFile, { number, sections, start, end }: Revision): Finding[] {
  const view = file.view(number)
  const extents: (readonly [number, number])[] = []
  for (const section of sections) {
    extents.push([section.offset, section.end], ...section.extents)
    for (const entry of section.entries.values()) {
      if (entry.type !== 'offset') continue
      const object = file.indirectAt(entry.offset, view)
      if (object) extents.push([object.start, object.end])
    }
  }
  extents.sort(([a], [b]) => a - b)
  let at = start
  for (const [from, to] of extents) {
    if (from > at && from >= start && !isBlank(file.bytes, at, from)) return [other('hidden-bytes')]
    at = Math.max(at, to)
  }
  return isBlank(file.bytes, at, end) ? [] : [other('hidden-bytes')]
}

/** White space, comments, and the end of a file. */
function isBlank(bytes: Bytes, from: number, to: number): boolean {
  const lexer = new Lexer(bytes.subarray(0, to), from)
  lexer.skipBlank()
  if (lexer.take('startxref')) {
    lexer.skipBlank()
    lexer.unsigned()
    lexer.skipBlank()
  }
  return lexer.at >= to
}

/** What stands behind the last `%%EOF`: no revision, and yet something that some programs read. */
function hiddenTail(file: PdfFile): RevisionChanges | null {
  const end = file.revisions.at(-1)?.end ?? 0
  if (file.bytes.subarray(end).every(isWhitespace)) return null
  const changes = [{ ...other('hidden-bytes'), isAllowed: false }]
  return { revision: file.revisions.length + 1, kind: 'other', changes, isAllowed: false }
}
