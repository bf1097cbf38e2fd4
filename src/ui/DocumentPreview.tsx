// ui: what the person sees; speaks the protocol like any other client. This file: the very bytes that will be signed: a PDF
// page by page, whatever form the signature has, and everything else as far as it can be shown.

import { useEffect, useState } from 'preact/hooks'
import type { Bytes } from '../codec/bytes.ts'
import { recognise, recogniseBytes } from '../documents/index.ts'
import { FilePreview } from './FilePreview.tsx'
import { PdfPages } from './PdfPages.tsx'

/** `null` until that is known, or where it cannot be read, which FilePreview says. */
type Looked = { readonly pdf: Bytes | null } | null

export function DocumentPreview({ file, width }: { readonly file: Blob; readonly width: number }) {
  const [looked, setLooked] = useState<Looked>(null)
  const [page, setPage] = useState(1)
  useEffect(() => {
    let wanted = true
    setLooked(null)
    setPage(1)
    pdfIn(file).then(
      (pdf) => wanted && setLooked({ pdf }),
      () => wanted && setLooked({ pdf: null }),
    )
    return () => {
      wanted = false
    }
  }, [file])
  if (!looked) return null
  const { pdf } = looked
  if (!pdf) return <FilePreview file={file} />
  return <PdfPages bytes={pdf} page={page} onPage={setPage} width={width} />
}

/** By what it is, not by what it is called. */
async function pdfIn(file: Blob): Promise<Bytes | null> {
  const first = new Uint8Array(await file.slice(0, recogniseBytes).arrayBuffer())
  const isPdf = recognise(first, file.size) === 'pdf'
  return isPdf ? new Uint8Array(await file.arrayBuffer()) : null
}
