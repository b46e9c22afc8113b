"""Export formats: one module per format, with an `Exporter` registered in `EXPORTERS`.

TensorFlow.js is missing: its converter, tensorflowjs 4.22, needs TensorFlow 2.19, NumPy 2.1 and
Protobuf 5, and gan_tf needs later versions.
"""
