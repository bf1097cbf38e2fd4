// pdf: PDF files read strictly, signed by incremental update, and compared; pure: runs in plain Node. This file: its public
// face. The CMS inside is made and checked by others.

export type { Picture } from './appearance.ts'
export {
  type Change,
  type ChangeKind,
  type Changes,
  changeKinds,
  type RevisionChanges,
  whatChanged,
} from './changes.ts'
export type { FindingCode } from './compare.ts'
export { type EmptyField, emptyFields } from './emptyFields.ts'
export { PdfError, type PdfErrorCode } from './errors.ts'
export { type PageBox, pageBoxes, type Rectangle } from './pages.ts'
export type { DocMdpLevel, FieldLock } from './permissions.ts'
export {
  type Appearance,
  type SignedPdf,
  type SignPdfOptions,
  type SubFilter,
  signPdf,
  signPdfUpdate,
} from './sign.ts'
export { type PdfSignature, readSignatures, type SignatureProblem } from './signatures.ts'
export { textReportPdf } from './textReport.ts'
export { addValidationData, type SignatureData, type ValidationData } from './validationData.ts'
export { isShownExactly } from './winAnsi.ts'
