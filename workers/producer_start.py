"""A producer process from its first moment; see ``workers.producer``.

Garbage is not looked for while some hundred modules are loaded, all of which stay: a tenth of the
time that this takes.
"""

import gc
import sys

if __name__ == "__main__":
    gc.disable()
    from workers.producer import main

    gc.enable()
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
