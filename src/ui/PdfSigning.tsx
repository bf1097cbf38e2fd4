// ui: what the person sees; speaks the protocol like any other client. This file: what one PDF is to say of its signature,
// on the pages that will be signed.

import { useEffect, useMemo, useRef } from 'preact/hooks'
import type { Bytes } from '../codec/bytes.ts'
import {
  type DocMdpLevel,
  type EmptyField,
  emptyFields,
  isShownExactly,
  type PageBox,
  type Picture,
  pageBoxes,
} from '../pdf/index.ts'
import { AskForEvidence } from './AskRevocation.tsx'
import { Disclosure } from './Disclosure.tsx'
import type { PdfChoices } from './documentSigning.ts'
import { TextField } from './Field.tsx'
import { evidenceIn, hasEvidence, type KeptEvidence, noEvidence } from './keptEvidence.ts'
import { readPicture } from './markPicture.ts'
import { type Place, placeOf, rectangleOf, shownSize, usualPlace } from './markPlace.ts'
import { ErrorAlert } from './Notices.tsx'
import { PdfPages } from './PdfPages.tsx'
import { FixedMark, PlaceMark } from './PlaceMark.tsx'
import { SelectField } from './SelectField.tsx'
import { useTask } from './task.ts'
import { t } from './words.ts'

export interface PdfMark {
  /** Of an empty field of the form; empty: at a place of one's own. `null`: in the first field, if there is one. */
  readonly field: string | null
  readonly visible: boolean
  readonly page: number
  readonly place: Place | null
  readonly reason: string
  readonly location: string
  readonly certify: '' | '1' | '2' | '3'
  readonly picture: Picture | null
  readonly evidence: KeptEvidence
}

export const noMark: PdfMark = {
  field: null,
  visible: true,
  page: 1,
  place: null,
  reason: '',
  location: '',
  certify: '',
  picture: null,
  evidence: noEvidence,
}

/** Of a page, on the screen. */
export const pageWidth = 560

const certifyWords = [
  ['', t('sign_certify_any')],
  ['1', t('sign_certify_1')],
  ['2', t('sign_certify_2')],
  ['3', t('sign_certify_3')],
] as const

const linesOf = (mark: PdfMark, name: string): string[] =>
  [
    t('sign_mark_by', [name]),
    new Date().toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' }),
    mark.reason,
    mark.location,
  ].filter((line) => line !== '')

/** What `signPdf` is told of it. */
export function choicesOf(mark: PdfMark, bytes: Bytes | null, name: string): PdfChoices {
  const { reason, location, certify } = mark
  return {
    ...(reason === '' ? {} : { reason }),
    ...(location === '' ? {} : { location }),
    ...(certify === '' ? {} : { certify: Number(certify) as DocMdpLevel }),
    ...(hasEvidence(mark.evidence) ? { evidence: mark.evidence } : {}),
    ...placeFor(mark, bytes, name),
  }
}

/** None where the file is broken: signing it says why. */
function boxesOf(bytes: Bytes): readonly PageBox[] {
  try {
    return pageBoxes(bytes)
  } catch {
    return []
  }
}

function fieldsOf(bytes: Bytes): readonly EmptyField[] {
  try {
    return emptyFields(bytes)
  } catch {
    return []
  }
}

/** Whoever left a field for it wants the signature there. */
const fieldFor = ({ field }: PdfMark, fields: readonly EmptyField[]): EmptyField | null =>
  field === '' ? null : (fields.find(({ name }) => name === field) ?? fields[0] ?? null)

function placeFor(
  mark: PdfMark,
  bytes: Bytes | null,
  name: string,
): Pick<PdfChoices, 'appearance' | 'fieldName'> {
  if (!bytes) return {}
  const field = fieldFor(mark, fieldsOf(bytes))
  const looks = {
    lines: linesOf(mark, name),
    ...(mark.picture ? { picture: mark.picture } : {}),
  }
  if (field) {
    const appearance = mark.visible && field.place ? { appearance: looks } : {}
    return { fieldName: field.name, ...appearance }
  }
  const page = mark.visible ? boxesOf(bytes)[mark.page - 1] : undefined
  if (!page) return {}
  const rect = rectangleOf(page, mark.place ?? usualPlace(page))
  return { appearance: { page: mark.page, rect, ...looks } }
}

export function PdfSigning({
  bytes,
  mark,
  onMark,
  name,
  chain,
}: {
  readonly bytes: Bytes
  readonly mark: PdfMark
  readonly onMark: (change: Partial<PdfMark>) => void
  readonly name: string
  /** DER, of the key that is to sign: whether these certificates were withdrawn can be asked. */
  readonly chain: readonly Bytes[]
}) {
  const boxes = useMemo(() => boxesOf(bytes), [bytes])
  const box = boxes[mark.page - 1]
  const fields = useMemo(() => fieldsOf(bytes), [bytes])
  const field = fieldFor(mark, fields)
  const lines = linesOf(mark, name)
  const set = onMark
  useEffect(() => {
    if (field?.place) set({ page: field.place.page })
  }, [field])
  return (
    <section class="stack" aria-label={t('sign_preview')}>
      <h2>{t('sign_preview')}</h2>
      <label class="check">
        <input
          type="checkbox"
          checked={mark.visible}
          onChange={(event) => set({ visible: event.currentTarget.checked })}
        />
        {t('sign_visible')}
      </label>
      {fields.length > 0 && (
        <FieldChoice fields={fields} chosen={field} onChosen={(chosen) => set({ field: chosen })} />
      )}
      <p class="hint">{field ? t('sign_field_hint') : t('sign_visible_hint')}</p>
      {mark.visible && !lines.every(isShownExactly) && <p role="note">{t('sign_letters')}</p>}
      <PdfPages
        bytes={bytes}
        page={mark.page}
        onPage={(page) => set({ page, place: null })}
        width={pageWidth}
      >
        {mark.visible && box && field?.place?.page === mark.page && (
          <FixedMark
            place={placeOf(box, field.place.rect)}
            scale={pageWidth / shownSize(box)[0]}
            lines={lines}
          />
        )}
        {mark.visible && box && !field && (
          <PlaceMark
            page={box}
            place={mark.place ?? usualPlace(box)}
            onPlace={(place) => set({ place })}
            scale={pageWidth / shownSize(box)[0]}
            lines={lines}
          />
        )}
      </PdfPages>
      <Disclosure summary={t('sign_more')}>
        <div class="stack">
          <TextField
            label={t('sign_reason')}
            value={mark.reason}
            onValue={(reason) => set({ reason })}
          />
          <TextField
            label={t('sign_location')}
            value={mark.location}
            onValue={(location) => set({ location })}
          />
          <SelectField
            label={t('sign_certify')}
            value={mark.certify}
            options={certifyWords}
            onValue={(certify) => set({ certify })}
          />
          <EvidenceField
            evidence={mark.evidence}
            onEvidence={(evidence) => set({ evidence })}
            chain={chain}
          />
          <PictureField onPicture={(picture) => set({ picture })} />
        </div>
      </Disclosure>
    </section>
  )
}

function FieldChoice({
  fields,
  chosen,
  onChosen,
}: {
  readonly fields: readonly EmptyField[]
  readonly chosen: EmptyField | null
  readonly onChosen: (name: string) => void
}) {
  const words = ({ name, place }: EmptyField) =>
    place ? t('sign_field_named', [name, String(place.page)]) : t('sign_field_hidden', [name])
  return (
    <SelectField
      label={t('sign_field')}
      value={chosen?.name ?? ''}
      options={[
        ...fields.map((field) => [field.name, words(field)] as const),
        ['', t('sign_field_own')],
      ]}
      onValue={onChosen}
    />
  )
}

function PictureField({ onPicture }: { readonly onPicture: (picture: Picture | null) => void }) {
  const task = useTask()
  const take = (file: File | undefined) =>
    task.run(async () => {
      const picture = file ? await readPicture(file) : null
      if (file && !picture) return task.fail(t('sign_picture_none'))
      onPicture(picture)
    })
  return (
    <div class="field">
      <label>
        {t('sign_picture')}
        <input
          type="file"
          accept="image/*"
          onChange={(event) => take(event.currentTarget.files?.[0])}
        />
      </label>
      <ErrorAlert error={task.error} />
    </div>
  )
}

function EvidenceField({
  evidence,
  onEvidence,
  chain,
}: {
  readonly evidence: KeptEvidence
  readonly onEvidence: (evidence: KeptEvidence) => void
  readonly chain: readonly Bytes[]
}) {
  const { useless, ...kept } = evidence
  const task = useTask()
  const choose = (files: FileList | null) =>
    task.run(async () => onEvidence(await evidenceIn([...(files ?? [])])))
  // Servers take their time: what came meanwhile stays.
  const latest = useRef(evidence)
  latest.current = evidence
  const take = async (answer: File) => {
    const found = await evidenceIn([answer])
    if (found.useless.length > 0) return false
    onEvidence(await evidenceIn([answer], latest.current))
    return true
  }
  const { certificates, revocationLists, ocspResponses } = kept
  const count = (list: readonly unknown[]) => String(list.length)
  return (
    <div class="field">
      <label>
        {t('sign_evidence')}
        <input type="file" multiple onChange={(event) => choose(event.currentTarget.files)} />
      </label>
      <p class="hint">{t('sign_evidence_hint')}</p>
      <AskForEvidence chain={chain} take={take} />
      {hasEvidence(kept) && (
        <p role="status">
          {t('sign_evidence_kept', [
            count(certificates),
            count(revocationLists),
            count(ocspResponses),
          ])}
        </p>
      )}
      <ErrorAlert
        error={
          task.error ?? (useless.length > 0 ? t('sign_evidence_none', [useless.join(', ')]) : null)
        }
      />
    </div>
  )
}
