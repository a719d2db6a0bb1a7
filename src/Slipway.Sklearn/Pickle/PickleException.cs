using Slipway.Core;

namespace Slipway.Sklearn.Pickle;

/// <summary>Makes the errors of the pickle reader: always <see cref="ErrorCode.InvalidModel"/>, with the position in the uncompressed stream.</summary>
internal static class PickleException
{
    public static SlipwayException At(long position, string what) => new(ErrorCode.InvalidModel, $"the pickle is damaged at byte {position}: {what}");

    public static SlipwayException Refused(PickleGlobal global) =>
        new(ErrorCode.InvalidModel, $"refused: {global.FullName} (the file refers to something that a model does not need; it was not run)");

    public static SlipwayException TooLarge(string what) => new(ErrorCode.InvalidModel, $"the pickle exceeds a limit: {what}");
}
