import type { Draft, HandlePlace, Mark } from '#editor/tools/tool.ts'

/**
 * Whether two drafts paint alike. Tools make a new one for every move of the pointer; most of them differ in nothing,
 * and an overlay repainted in vain costs as much as one that shows something (8 ms with software rendering).
 */
export const sameDraft = (a: Draft, b: Draft): boolean =>
  a === b ||
  (sameList(a.shapes, b.shapes, Object.is) &&
    sameList(a.handles, b.handles, sameHandle) &&
    sameTurnGrip(a.turnGrip, b.turnGrip) &&
    sameList(a.guides, b.guides, sameFields) &&
    samePoint(a.crosshair, b.crosshair) &&
    samePoint(a.caret, b.caret) &&
    sameFields(a.marquee, b.marquee) &&
    a.readout?.text === b.readout?.text &&
    samePoint(a.readout?.at, b.readout?.at) &&
    a.sketch === b.sketch &&
    a.painting?.key === b.painting?.key &&
    sameBrush(a.brush, b.brush) &&
    sameList(a.marks ?? [], b.marks ?? [], sameMark) &&
    sameVertices(a.vertices, b.vertices))

const sameList = <T>(a: readonly T[], b: readonly T[], same: (a: T, b: T) => boolean): boolean =>
  a === b || (a.length === b.length && a.every((item, i) => same(item, b[i]!)))

const sameVertices = (a: Draft['vertices'], b: Draft['vertices']): boolean =>
  a === b ||
  (a?.polygon === b?.polygon && a?.picked === b?.picked && a?.linked === b?.linked && a?.active === b?.active)

const sameBrush = (a: Draft['brush'], b: Draft['brush']): boolean =>
  a?.size === b?.size && a?.shape === b?.shape && a?.erases === b?.erases && samePoint(a?.at, b?.at)

const sameMark = (a: Mark, b: Mark): boolean => a === b || (a.look === b.look && samePoint(a.at, b.at))

const samePoint = (a: readonly number[] | undefined, b: readonly number[] | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && a[0] === b[0] && a[1] === b[1])

const sameTurnGrip = (a: Draft['turnGrip'], b: Draft['turnGrip']): boolean =>
  a?.active === b?.active && samePoint(a?.at, b?.at) && samePoint(a?.foot, b?.foot)

const sameHandle = (a: HandlePlace, b: HandlePlace): boolean =>
  a.key === b.key && a.handle === b.handle && a.active === b.active && samePoint(a.at, b.at)

/** By the values of plain, flat objects of one type. */
const sameFields = <T extends object>(a: T | undefined, b: T | undefined): boolean =>
  a === b ||
  (a !== undefined && b !== undefined && (Object.keys(a) as (keyof T)[]).every((name) => a[name] === b[name]))
