"""What the graphics card computes for the surface: where a vertex lies, and a pixel's colour.

The language is that of OpenGL 2.1 and OpenGL ES 2, which every system still understands.

Bands and contour lines are found pixel by pixel from the shade: a line is where the shade crosses
from one band to the next, as wide as asked for on the screen whatever the slope there. So lines
lie in the surface itself; nothing floats above it, and nothing flickers through it.

The picture's alpha tells how far away a pixel's surface is, from 0 (near) to 254/255 (far), and 1
where there is none. What is painted over the picture finds out from it what a hill hides.
"""

from __future__ import annotations

from optiviz.engine.field import BANDS

#: Attributes of a vertex, in their order in memory, with the count of numbers of each.
ATTRIBUTES = (("position", 3), ("normal", 3), ("shade", 1))
#: Stops of the colour scale; a theme has as many.
STOPS = 5

VERTEX = """
attribute vec3 position;  // in the box
attribute vec3 normal;
attribute float shade;
uniform mat4 matrix;      // from the stretched box to the picture
uniform vec3 stretch;
uniform vec2 depths;      // of the nearest and the farthest corner
uniform vec3 light;       // where it comes from
varying float v_lit;      // below 0 the other side is lit
varying float v_shade;
varying float v_depth;

void main() {
    gl_Position = matrix * vec4(position * stretch, 1.0);
    v_lit = dot(normalize(normal / stretch), light);
    v_shade = shade;
    v_depth = (gl_Position.w - depths.x) / (depths.y - depths.x);
}
"""

FRAGMENT = f"""
#ifdef GL_ES
#extension GL_OES_standard_derivatives : enable
precision highp float;
#endif
uniform vec3 stop_0;       // the colour of the floor …
uniform vec3 step_1;       // … and how the other stops differ from the one before
uniform vec3 step_2;
uniform vec3 step_3;
uniform vec3 step_4;
uniform vec3 line_color;
uniform float line_width;  // device pixels
uniform vec2 lighting;     // what is there in the shadow, and what light adds
varying float v_lit;
varying float v_shade;
varying float v_depth;

const float BANDS = {BANDS}.0;

vec3 ramp(float share) {{
    float at = share * {STOPS - 1}.0;
    return stop_0
        + step_1 * clamp(at, 0.0, 1.0)
        + step_2 * clamp(at - 1.0, 0.0, 1.0)
        + step_3 * clamp(at - 2.0, 0.0, 1.0)
        + step_4 * clamp(at - 3.0, 0.0, 1.0);
}}

void main() {{
    float level = v_shade * BANDS;
    float band = clamp(floor(level), 0.0, BANDS - 1.0);
    vec3 color = ramp(band / (BANDS - 1.0));

    float near = floor(level + 0.5);
    float steep = fwidth(level);  // levels in a pixel
    if (near > 0.5 && near < BANDS - 0.5 && steep > 1e-5) {{
        float away = abs(level - near) / steep;
        float line = 1.0 - smoothstep(0.5 * line_width - 0.5, 0.5 * line_width + 0.5, away);
        // Where lines would be closer than pixels, their mean is shown instead.
        line = mix(line, min(1.0, steep * line_width) * 0.5, smoothstep(0.25, 0.6, steep));
        color = mix(color, line_color, line);
    }}

    float lit = max(gl_FrontFacing ? v_lit : -v_lit, 0.0);
    color *= lighting.x + lighting.y * lit;
    gl_FragColor = vec4(min(color, 1.0), clamp(v_depth, 0.0, 1.0) * 254.0 / 255.0);
}}
"""
