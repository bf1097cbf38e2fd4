// interchange: files of other password managers, read and written; pure. This file: cells that a spreadsheet would run.
//
// A cell that begins with = + - @ TAB or CR is a formula to Excel and others (OWASP, CSV injection). Before such a cell
// stands one apostrophe, which shows it as text; before one that begins with apostrophes and then such a sign, one more.
// So exactly the cells of that form have one too many, and taking one off gives back every text there is.

export const escapeFormula = (cell: string): string =>
  /^'*[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell

/** Only for files that escapeFormula wrote: in others an apostrophe is an apostrophe. */
export const unescapeFormula = (cell: string): string =>
  /^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell
