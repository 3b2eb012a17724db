"""The words of the mixed files, see `tests.mixed_files`."""

PDF_PAGES = (
    (
        "Handbook",
        (
            "This handbook tells how Ternhavn Lift moves cargo between ship and quay. It holds for everyone who works below the "
            "boom, drives a crane or plans a lift. Whoever finds a mistake in it tells the office, and the next edition thanks "
            "them by name.",
            "Read the pages on wind and on slings before the first shift. The rest may wait until the first week is over.",
        ),
        ("Shift leaders carry the handbook.", "Drivers sign for it.", "Visitors may ask for it."),
    ),
    (
        "Wind",
        (
            "Lifting stops when the gauge at the boom tip reads 17 metres per second for over ten seconds. The driver lowers "
            "the load, slews the boom into the wind and takes the brake off, so that the boom may turn like a weather vane.",
            "Containers with large sides are treated with more care: for empty forty-foot boxes the limit is 13 metres a second.",
        ),
        ("Read the gauge before every lift.", "Never trust the flag on the roof.", "Write gusts into the log."),
    ),
    (
        "Slings",
        (
            "A sling with a cut, a burn or a missing label goes into the red quarantine box. Only the rigging inspector Maren "
            "Solheim may lift the quarantine, in writing, after a pull test at one and a half times the working load.",
            "Slings of steel wire are measured every month. A rope that has lost seven per cent of its diameter is cut up.",
        ),
        ("Store slings dry.", "Keep hooks out of the sun.", "Pad every sharp edge."),
    ),
)
PDF_TABLE = (("Sling", "Working load"), ("Green band", "2 t"), ("Yellow band", "3 t"), ("Grey band", "4 t"))

WELCOME = """# Welcome aboard

Ternhavn Lift has run cranes in the free port since 1974. Your first day begins at the gatehouse.

## First day

1. Fetch your badge.
2. Try on boots and helmet.
3. Meet your shift leader.

## Canteen

The canteen opens at 05:40 and closes at 14:15. On Thursdays there is fish soup.

| Meal | Price |
| --- | --- |
| Soup | 4 |
| Bread | 1 |
"""

DRILL = """# Siren drill

When the siren sounds three times, everyone walks to the assembly point behind the salt shed and waits to be counted.

- Leave the tools.
- Take no lift.
"""

LIGHTS = """# Night work

## Lamps

Forty-two lamps light the east quay; each one is cleaned before the autumn storms.

- Report a dark lamp by its number.
- Never work below two dark lamps.
"""

SHIFT = """# Night shift

## Handover

The night shift begins at 21:30 with ten minutes of handover beside the log book.
"""

GLOSSARY = """\
Glossary
========

:Author: Training office
:Version: 7

Words that are shouted on the quay and seldom explained.

Ropes
-----

A tagline is a light rope by which a helper on the ground keeps a hanging load from turning.

- Never wrap it around a hand.
- Let it go when the load swings.

Loads
-----

=========  ==========================
Word       Meaning
=========  ==========================
Dead load  The crane's own weight
Live load  What hangs on the hook
=========  ==========================

.. code-block:: python

    gross = net + rigging
"""

BERTHS = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Berths of the free port</title><style>table { color: navy }</style>
<script>window.menu = "open"</script></head>
<body>
<nav><a href="/">Home</a> <a href="/cranes">Cranes</a></nav>
<h1>Berths of the free port</h1>
<p>Ships are berthed by their <em>draught</em> and by the reach of the cranes. Ask the
<a href="/pilot">pilot office</a> first.</p>
<h2>Berths</h2>
<p>The water at berth Gannet is 11.3 metres deep at the lowest tide, the deepest of the three.</p>
<table><caption>Berths by length</caption>
<tr><th>Berth</th><th>Length</th><th>Crane</th></tr>
<tr><td>Gannet</td><td>210 m</td><td>Aurora</td></tr>
<tr><td>Petrel</td><td>160 m</td><td>Boreas</td></tr>
</table>
<h2>Mooring</h2>
<ul><li>Four lines fore and aft</li><li>Two springs<ul><li>one forward</li><li>one aft</li></ul></li></ul>
<pre><code class="language-text">VHF 12  harbour
VHF 74  cranes</code></pre>
<div hidden>Draft, not for print</div>
</body></html>
"""

CRANES = """_id,title,text,built,boom_m
crane-1,Aurora,"Aurora has the longest boom of the port and stands at berth Gannet; it lifts 60 t at 20 m.",2016,58
crane-2,Boreas,Boreas serves berth Petrel on rails and was painted orange after the accident with the fog bank.,2009,44
crane-3,Calypso,"Calypso is the mobile crane; it goes where the others do not reach, and sinks into soft ground.",2021,36
"""

SLING_LOAD = '''"""Loads in the legs of a sling."""

import math


def angle_factor(degrees: float) -> float:
    """How much more a leg of the sling carries at this angle from the vertical: one over its cosine."""
    return 1 / math.cos(math.radians(degrees))


def leg_load(load: float, legs: int, degrees: float) -> float:
    """The load of one leg in tonnes; only two legs count, however many there are."""
    return load / min(legs, 2) * angle_factor(degrees)
'''

INCIDENTS = (
    {
        "_id": "incident-1",
        "title": "Dropped shackle",
        "text": "A shackle of 3 kg was dropped from the walkway of Boreas and dented the roof of a van. Nobody was hurt.",
        "year": 2022,
    },
    {
        "_id": "incident-2",
        "title": "Fog bank",
        "text": "Boreas touched a mast in sudden fog. Since then the foghorn is tested each dawn.",
        "year": 2019,
    },
)

VISITORS = """Visitors

Visitors wear the white helmet with a blue stripe and stay on the yellow path.
Children under twelve watch from the bridge.

What to bring:
- a passport
- closed shoes
"""

STORM = """Dear all,

a storm is announced for Friday. Trucks wait in the lay-by at the old lighthouse until the harbour office calls them in.

- Booms into the wind, brakes off.
- Hooks up to the highest stop.

The drill plan is attached.

Ingrid
"""
