using Slipway.Core;

namespace Slipway.Keras.Models;

/// <summary>The answers to a model that is understood as a file but not as a model.</summary>
internal static class KerasFault
{
    /// <summary>The configuration contradicts itself or its weights.</summary>
    public static SlipwayException Invalid(string what) => new(ErrorCode.InvalidModel, $"the Keras model is damaged: {what}");

    /// <summary>The model is valid and can't be converted.</summary>
    public static SlipwayException NotSupported(string what) => new(ErrorCode.NotSupported, what);
}
