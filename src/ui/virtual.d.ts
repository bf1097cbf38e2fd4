// ui: what the person sees; speaks the protocol like any other client. This file: the page that scripts/standalone.ts
// builds, with `%message%` where the message goes.

declare module 'virtual:standalone-page' {
  const page: string
  export default page
}
