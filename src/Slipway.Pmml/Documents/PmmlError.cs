using Slipway.Core;

namespace Slipway.Pmml.Documents;

/// <summary>Makes the failures of reading a document; every message names the element.</summary>
internal static class PmmlError
{
    /// <summary>The document breaks the rules of its format.</summary>
    public static SlipwayException Invalid(string message, Exception? cause = null) => new(ErrorCode.InvalidModel, $"PMML: {message}", cause);

    /// <summary>The element is not as it should be.</summary>
    public static SlipwayException Invalid(PmmlElement element, string message) => new(ErrorCode.InvalidModel, $"PMML: {element.Describe()} {message}");

    /// <summary>The document asks for something that is not evaluated here.</summary>
    public static SlipwayException NotSupported(PmmlElement element, string what) =>
        new(ErrorCode.NotSupported, $"PMML: {element.Describe()}: {what} is not supported");
}
