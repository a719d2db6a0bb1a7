namespace Slipway.Inference.Repository.TextFormat;

/// <summary>Kind of a value in protobuf text format.</summary>
internal enum TextValueKind
{
    /// <summary>A number, or a word: true, false, an enum's name.</summary>
    Word,

    /// <summary>A quoted string.</summary>
    String,

    /// <summary>Fields in braces.</summary>
    Message,
}

/// <summary>A value with its place in the file.</summary>
/// <param name="Kind">Kind.</param>
/// <param name="Text">The word, or the string without quotes and escapes.</param>
/// <param name="Message">The fields.</param>
/// <param name="Line">Line from 1.</param>
/// <param name="Column">Column from 1.</param>
internal sealed record TextValue(TextValueKind Kind, string Text, TextMessage? Message, int Line, int Column);

/// <summary>A field. A list in brackets is as many fields of the same name.</summary>
/// <param name="Name">Name.</param>
/// <param name="Value">Value.</param>
/// <param name="Line">Line of the name from 1.</param>
/// <param name="Column">Column of the name from 1.</param>
internal sealed record TextField(string Name, TextValue Value, int Line, int Column);

/// <summary>A message: fields in the order of the file.</summary>
/// <param name="Fields">The fields.</param>
/// <param name="Line">Line where it begins.</param>
/// <param name="Column">Column where it begins.</param>
internal sealed record TextMessage(IReadOnlyList<TextField> Fields, int Line, int Column);
