import { create } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import { AnnotationSchema } from '#gen/web/proto/clarifai/api/resources_pb.ts'
import { turnableBox } from '#geometry/rotatedBox.ts'
import type { Polygon } from '#geometry/shape.ts'
import { regionsOf, withRegion } from '#model/region.ts'
import { aBox, anEditor, aPolygon, aRegion, keyOf, shapes } from '#testing/builders.ts'
import { gesture } from '#testing/gesture.ts'
import type { ToolId } from './tool.ts'

function holding(tool: ToolId) {
  const editor = anEditor()
  editor.setConcept('car')
  editor.setTool(tool)
  return { editor, g: gesture(editor) }
}

describe('a box by four extreme points', () => {
  it('takes them in any order, shows the box at the last, and keeps the tool', () => {
    const { editor, g } = holding('extremes')
    g.click(300, 250).wait(500).click(200, 100).wait(500).click(100, 180).wait(500).hover(220, 400)
    expect(editor.state.draft.shapes[0]?.shape).toEqual(aBox(100, 100, 200, 300))
    g.click(220, 400)
    expect(shapes(editor)).toEqual([aBox(100, 100, 200, 300)])
    expect(editor.state.tool).toBe('extremes')
    editor.undo()
    expect(shapes(editor)).toEqual([])
  })

  it('takes a point back before anything else, and brings it back', () => {
    const { editor, g } = holding('extremes')
    g.click(300, 250).wait(500).click(200, 100).wait(500)
    editor.undo()
    editor.redo()
    g.click(100, 180).wait(500).click(700, 700, 2)
    g.wait(500).click(150, 180).wait(500).click(220, 400)
    expect(shapes(editor)).toEqual([aBox(150, 100, 150, 300)])
    g.wait(500).click(10, 10)
    editor.cancel()
    expect(editor.state.draft.marks ?? []).toEqual([])
  })

  it('sets nothing twice for a double click, and no box under 3 px', () => {
    const { editor, g } = holding('extremes')
    g.doubleClick(100, 100).wait(500)
    for (const [x, y] of [
      [200, 101],
      [300, 100],
      [100, 102],
    ] as const)
      g.click(x, y).wait(500)
    expect(shapes(editor)).toEqual([])
  })
})

describe('a rotated box', () => {
  const draw = () => {
    const { editor, g } = holding('rotated')
    g.click(200, 200).wait(500).click(300, 300).wait(500).click(200, 400)
    return editor
  }

  it('is a polygon of four points with its angle', () => {
    const [shape] = shapes(draw()) as [Polygon]
    expect(shape.angle).toBeCloseTo(45)
    const corners = [
      [200, 200],
      [300, 300],
      [200, 400],
      [100, 300],
    ]
    for (const [i, [x, y]] of shape.points.entries()) {
      expect(x).toBeCloseTo(corners[i]![0]!)
      expect(y).toBeCloseTo(corners[i]![1]!)
    }
  })

  it('stays in the image', () => {
    const { editor, g } = holding('rotated')
    g.click(900, 100).wait(500).click(950, 200).wait(500).click(20, 900)
    const { points } = shapes(editor)[0] as Polygon
    for (const [x, y] of points) {
      expect(x).toBeGreaterThanOrEqual(-1e-9)
      expect(y).toBeLessThanOrEqual(800 + 1e-9)
    }
  })

  it('keeps its angle when moved; its corners go one by one only after its command has freed them', () => {
    const editor = draw()
    editor.nudge(10, 0)
    expect((shapes(editor)[0] as Polygon).angle).toBeCloseTo(45)
    editor.setTool('select')
    expect(editor.state.draft.vertices).toBeUndefined()
    editor.freeCorners()
    expect((shapes(editor)[0] as Polygon).angle).toBeUndefined()
    gesture(editor).down(210, 200).drag(210, 150).up()
    expect((shapes(editor)[0] as Polygon).points).toHaveLength(4)
    expect((shapes(editor)[0] as Polygon).points[0]).toEqual([210, 150])
    // all within 250 ms, so one step
    editor.undo()
    expect((shapes(editor)[0] as Polygon).angle).toBeCloseTo(45)
  })

  it('goes to the server and back', () => {
    const region = [...draw().state.regions.values()][0]!
    const size = { width: 1000, height: 800 }
    const sent = withRegion(create(AnnotationSchema, { id: region.annotation }), region, size, {
      inputId: 'input',
      userId: 'ana',
    })
    expect(sent.data?.regions[0]?.data?.metadata).toEqual({ marquee: { angle: (region.shape as Polygon).angle } })
    expect((regionsOf(sent, size)[0]!.shape as Polygon).angle).toBeCloseTo(45)
  })
})

describe('the handle that turns a rotated box', () => {
  const open = () => {
    const editor = anEditor({ regions: [aRegion('a', turnableBox(aBox(400, 300, 200, 100)))] })
    editor.select([keyOf('a')])
    return editor
  }
  const angle = (editor: ReturnType<typeof anEditor>) => (shapes(editor)[0] as Polygon).angle

  it('stands 24 px above its first side, at every zoom', () => {
    const editor = open()
    expect(editor.state.draft.turnGrip).toEqual({ foot: [500, 300], at: [500, 276], active: false })
    editor.setView({ scale: 2, x: -400, y: -300 })
    expect(editor.state.draft.turnGrip?.at).toEqual([500, 288])
    gesture(editor).hover(600, 276)
    expect(editor.state.draft.turnGrip?.active).toBe(true)
    expect(editor.state.draft.cursor).toBe('grab')
  })

  it('turns it by tenths of a degree, with Shift by 15, as one step', () => {
    const editor = open()
    const g = gesture(editor).down(500, 276).drag(560, 290)
    expect(editor.state.draft.readout?.text).toMatch(/^\d+\.\d°$/)
    g.hold('shift')
    expect(editor.state.draft.readout?.text).toBe('45.0°')
    g.up().release('shift')
    expect(angle(editor)).toBeCloseTo(45)
    editor.undo()
    expect(shapes(editor)[0]).toEqual(turnableBox(aBox(400, 300, 200, 100)))
  })

  it('does nothing for a click, Esc leaves the box, and no other polygon has it', () => {
    const editor = open()
    gesture(editor).click(500, 276)
    expect([...editor.state.selected]).toEqual([keyOf('a')])
    const g = gesture(editor).wait(1000).down(500, 276).drag(600, 300)
    editor.cancel()
    g.up()
    expect(angle(editor)).toBe(0)
    const other = anEditor({ regions: [aRegion('b', aPolygon([0, 0], [9, 0], [9, 9], [0, 9]))] })
    other.select([keyOf('b')])
    expect(other.state.draft.turnGrip).toBeUndefined()
  })

  it('a box becomes such a one by its command', () => {
    const editor = anEditor({ regions: [aRegion('a', aBox(400, 300, 200, 100))] })
    editor.select([keyOf('a')])
    editor.makeTurnable()
    expect(angle(editor)).toBe(0)
    expect(editor.state.draft.turnGrip).toBeDefined()
  })
})
