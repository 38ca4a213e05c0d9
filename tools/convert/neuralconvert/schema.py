# SPDX-License-Identifier: GPL-2.0-only
"""The TFLite file format, as far as it is needed: numbers of types, operators and
options, and the slots of fields in their tables."""

from enum import IntEnum

IDENTIFIER = b"TFL3"
VERSION = 3

# Fields of tables by slot.  A union takes two, its type first.
MODEL = {"version": 0, "operator_codes": 1, "subgraphs": 2, "description": 3,
         "buffers": 4}
OPERATOR_CODE = {"deprecated_builtin_code": 0, "custom_code": 1, "version": 2,
                 "builtin_code": 3}
SUBGRAPH = {"tensors": 0, "inputs": 1, "outputs": 2, "operators": 3, "name": 4}
TENSOR = {"shape": 0, "type": 1, "buffer": 2, "name": 3, "quantization": 4,
          "is_variable": 5, "sparsity": 6, "shape_signature": 7}
QUANTIZATION = {"scale": 2, "zero_point": 3, "details_type": 4,
                "quantized_dimension": 6}
BUFFER = {"data": 0, "offset": 1, "size": 2}
OPERATOR = {"opcode_index": 0, "inputs": 1, "outputs": 2, "builtin_options_type": 3,
            "builtin_options": 4}


class Type(IntEnum):
    """Of elements of a tensor."""

    FLOAT32 = 0
    FLOAT16 = 1
    INT32 = 2
    UINT8 = 3
    INT64 = 4
    STRING = 5
    BOOL = 6
    INT16 = 7
    COMPLEX64 = 8
    INT8 = 9
    FLOAT64 = 10
    COMPLEX128 = 11
    UINT64 = 12
    RESOURCE = 13
    VARIANT = 14
    UINT32 = 15
    UINT16 = 16
    INT4 = 17


class Padding(IntEnum):
    SAME = 0
    VALID = 1


class Activation(IntEnum):
    """Fused into an operator."""

    NONE = 0
    RELU = 1
    RELU_N1_TO_1 = 2
    RELU6 = 3
    TANH = 4
    SIGN_BIT = 5


# Names of operators by their number.
OPERATORS = """
ADD AVERAGE_POOL_2D CONCATENATION CONV_2D DEPTHWISE_CONV_2D DEPTH_TO_SPACE DEQUANTIZE
EMBEDDING_LOOKUP FLOOR FULLY_CONNECTED HASHTABLE_LOOKUP L2_NORMALIZATION L2_POOL_2D
LOCAL_RESPONSE_NORMALIZATION LOGISTIC LSH_PROJECTION LSTM MAX_POOL_2D MUL RELU
RELU_N1_TO_1 RELU6 RESHAPE RESIZE_BILINEAR RNN SOFTMAX SPACE_TO_DEPTH SVDF TANH
CONCAT_EMBEDDINGS SKIP_GRAM CALL CUSTOM EMBEDDING_LOOKUP_SPARSE PAD
UNIDIRECTIONAL_SEQUENCE_RNN GATHER BATCH_TO_SPACE_ND SPACE_TO_BATCH_ND TRANSPOSE MEAN
SUB DIV SQUEEZE UNIDIRECTIONAL_SEQUENCE_LSTM STRIDED_SLICE BIDIRECTIONAL_SEQUENCE_RNN
EXP TOPK_V2 SPLIT LOG_SOFTMAX DELEGATE BIDIRECTIONAL_SEQUENCE_LSTM CAST PRELU MAXIMUM
ARG_MAX MINIMUM LESS NEG PADV2 GREATER GREATER_EQUAL LESS_EQUAL SELECT SLICE SIN
TRANSPOSE_CONV SPARSE_TO_DENSE TILE EXPAND_DIMS EQUAL NOT_EQUAL LOG SUM SQRT RSQRT
SHAPE POW ARG_MIN FAKE_QUANT REDUCE_PROD REDUCE_MAX PACK LOGICAL_OR ONE_HOT
LOGICAL_AND LOGICAL_NOT UNPACK REDUCE_MIN FLOOR_DIV REDUCE_ANY SQUARE ZEROS_LIKE FILL
FLOOR_MOD RANGE RESIZE_NEAREST_NEIGHBOR LEAKY_RELU SQUARED_DIFFERENCE MIRROR_PAD ABS
SPLIT_V UNIQUE CEIL REVERSE_V2 ADD_N GATHER_ND COS WHERE RANK ELU REVERSE_SEQUENCE
MATRIX_DIAG QUANTIZE MATRIX_SET_DIAG ROUND HARD_SWISH IF WHILE NON_MAX_SUPPRESSION_V4
NON_MAX_SUPPRESSION_V5 SCATTER_ND SELECT_V2 DENSIFY SEGMENT_SUM BATCH_MATMUL
PLACEHOLDER_FOR_GREATER_OP_CODES CUMSUM CALL_ONCE BROADCAST_TO RFFT2D CONV_3D IMAG REAL
COMPLEX_ABS HASHTABLE HASHTABLE_FIND HASHTABLE_IMPORT HASHTABLE_SIZE REDUCE_ALL
CONV_3D_TRANSPOSE VAR_HANDLE READ_VARIABLE ASSIGN_VARIABLE BROADCAST_ARGS
RANDOM_STANDARD_NORMAL BUCKETIZE RANDOM_UNIFORM MULTINOMIAL GELU DYNAMIC_UPDATE_SLICE
RELU_0_TO_1
""".split()
NUMBER = {name: number for number, name in enumerate(OPERATORS)}
PLACEHOLDER = NUMBER["PLACEHOLDER_FOR_GREATER_OP_CODES"]

_FUSED = {"fused_activation_function": (0, "byte", 0)}
_CONV = {"padding": (0, "byte", 0), "stride_w": (1, "int", 0),
         "stride_h": (2, "int", 0)}
_POOL = (5, {**_CONV, "filter_width": (3, "int", 0), "filter_height": (4, "int", 0),
             "fused_activation_function": (5, "byte", 0)})

# Options of an operator: their number in the union, and by name the slot, kind and
# default of each field.  Operators that are not in here have none that matter.
OPTIONS = {
    "CONV_2D": (1, {**_CONV, "fused_activation_function": (3, "byte", 0),
                    "dilation_w_factor": (4, "int", 1),
                    "dilation_h_factor": (5, "int", 1)}),
    "DEPTHWISE_CONV_2D": (2, {**_CONV, "depth_multiplier": (3, "int", 0),
                              "fused_activation_function": (4, "byte", 0),
                              "dilation_w_factor": (5, "int", 1),
                              "dilation_h_factor": (6, "int", 1)}),
    "AVERAGE_POOL_2D": _POOL,
    "MAX_POOL_2D": _POOL,
    "FULLY_CONNECTED": (8, {**_FUSED, "weights_format": (1, "byte", 0),
                            "keep_num_dims": (2, "byte", 0)}),
    "SOFTMAX": (9, {"beta": (0, "float", 0.0)}),
    "CONCATENATION": (10, {"axis": (0, "int", 0),
                           "fused_activation_function": (1, "byte", 0)}),
    "ADD": (11, _FUSED),
    "RESHAPE": (17, {"new_shape": (0, "ints", None)}),
    "MUL": (21, _FUSED),
    "GATHER": (23, {"axis": (0, "int", 0), "batch_dims": (1, "int", 0)}),
    "MEAN": (27, {"keep_dims": (0, "byte", 0)}),
    "SUB": (28, _FUSED),
    "SQUEEZE": (30, {"squeeze_dims": (0, "ints", None)}),
    "STRIDED_SLICE": (32, {"begin_mask": (0, "int", 0), "end_mask": (1, "int", 0),
                           "ellipsis_mask": (2, "int", 0),
                           "new_axis_mask": (3, "int", 0),
                           "shrink_axis_mask": (4, "int", 0),
                           "offset": (5, "byte", 0)}),
    "SPLIT": (35, {"num_splits": (0, "int", 0)}),
    "PACK": (59, {"values_count": (0, "int", 0), "axis": (1, "int", 0)}),
    "UNPACK": (64, {"num": (0, "int", 0), "axis": (1, "int", 0)}),
    "RESIZE_NEAREST_NEIGHBOR": (74, {"align_corners": (0, "byte", 0),
                                     "half_pixel_centers": (1, "byte", 0)}),
    "LEAKY_RELU": (75, {"alpha": (0, "float", 0.0)}),
    "SPLIT_V": (79, {"num_splits": (0, "int", 0)}),
    "BATCH_MATMUL": (101, {"adj_x": (0, "byte", 0), "adj_y": (1, "byte", 0)}),
}
