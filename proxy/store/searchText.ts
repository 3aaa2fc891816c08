/** What the grid's search looks in: the filename and the id of an input, in lower case. */
export const searchText = (filename: string, id: string): string => `${filename}\n${id}`.toLowerCase()
