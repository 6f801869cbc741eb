"""The tensors of openai-whisper under the names of CTranslate2."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from ctranslate2.specs.attention_spec import MultiHeadAttentionSpec
    from ctranslate2.specs.common_spec import Conv1DSpec, LayerNormSpec, LinearSpec
    from ctranslate2.specs.transformer_spec import TransformerDecoderLayerSpec, TransformerEncoderLayerSpec
    from ctranslate2.specs.whisper_spec import WhisperSpec
    from numpy.typing import NDArray

    Weights: TypeAlias = Mapping[str, NDArray[np.float32]]
    Affine: TypeAlias = LinearSpec | Conv1DSpec


def fill(spec: WhisperSpec, weights: Weights) -> None:
    """Give every field of ``spec`` its tensor; raises KeyError with the name of one that is missing."""
    encoder, decoder = spec.encoder, spec.decoder
    _affine(encoder.conv1, weights, "encoder.conv1")
    _affine(encoder.conv2, weights, "encoder.conv2")
    encoder.position_encodings.encodings = weights["encoder.positional_embedding"]
    _norm(encoder.layer_norm, weights, "encoder.ln_post")
    for i, layer in enumerate(encoder.layer):
        _layer(layer, weights, f"encoder.blocks.{i}")
    # the projection to words is the embedding of words, used backwards
    decoder.embeddings.weight = decoder.projection.weight = weights["decoder.token_embedding.weight"]
    decoder.position_encodings.encodings = weights["decoder.positional_embedding"]
    decoder.scale_embeddings = False
    _norm(decoder.layer_norm, weights, "decoder.ln")
    for i, layer in enumerate(decoder.layer):
        _layer(layer, weights, f"decoder.blocks.{i}")
        _cross_attention(layer.attention, weights, f"decoder.blocks.{i}")


def _layer(layer: TransformerEncoderLayerSpec | TransformerDecoderLayerSpec, weights: Weights, block: str) -> None:
    _norm(layer.self_attention.layer_norm, weights, f"{block}.attn_ln")
    _self_attention(layer.self_attention, weights, f"{block}.attn")
    _norm(layer.ffn.layer_norm, weights, f"{block}.mlp_ln")
    _affine(layer.ffn.linear_0, weights, f"{block}.mlp.0")
    _affine(layer.ffn.linear_1, weights, f"{block}.mlp.2")


def _self_attention(attention: MultiHeadAttentionSpec, weights: Weights, name: str) -> None:
    """CTranslate2 keeps query, key and value of self-attention in one matrix."""
    import numpy as np

    parts = ("query", "key", "value")
    attention.linear[0].weight = np.concatenate([weights[f"{name}.{part}.weight"] for part in parts])
    attention.linear[0].bias = np.concatenate([_bias(weights, f"{name}.{part}") for part in parts])
    _affine(attention.linear[1], weights, f"{name}.out")


def _cross_attention(attention: MultiHeadAttentionSpec, weights: Weights, block: str) -> None:
    """Here the query stands alone: it comes from the text, key and value from the sound."""
    import numpy as np

    name = f"{block}.cross_attn"
    _norm(attention.layer_norm, weights, f"{name}_ln")
    _affine(attention.linear[0], weights, f"{name}.query")
    parts = ("key", "value")
    attention.linear[1].weight = np.concatenate([weights[f"{name}.{part}.weight"] for part in parts])
    attention.linear[1].bias = np.concatenate([_bias(weights, f"{name}.{part}") for part in parts])
    _affine(attention.linear[2], weights, f"{name}.out")


def _bias(weights: Weights, name: str) -> NDArray[np.float32]:
    """A projection's bias; Whisper's keys have none, which is a bias of zeros."""
    import numpy as np

    if name.endswith(".key"):
        return np.zeros(weights[f"{name}.weight"].shape[0], dtype=np.float32)
    return weights[f"{name}.bias"]


def _affine(target: Affine, weights: Weights, name: str) -> None:
    target.weight, target.bias = weights[f"{name}.weight"], weights[f"{name}.bias"]


def _norm(target: LayerNormSpec, weights: Weights, name: str) -> None:
    target.gamma, target.beta = weights[f"{name}.weight"], weights[f"{name}.bias"]
