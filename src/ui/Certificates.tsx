// ui: what the person sees; speaks the protocol like any other client. This file: to be written.

export function Certificates() {
  return null
}
