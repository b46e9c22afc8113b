"""Export formats: one file for each, an `Exporter` registered in `EXPORTERS`.

TensorFlow.js is not among them: its converter, tensorflowjs 4.22, needs TensorFlow 2.19, NumPy
2.1 and Protobuf 5, and what is here needs later ones.
"""
