using Slipway.Core;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Slipway.Formats.MLmodel;

/// <summary>Reads a YAML document as maps, lists and texts, within bounds. Anchors, aliases and tags are refused: MLmodel files have none, and an alias can make much of little.</summary>
internal sealed class MLmodelYaml
{
    private const int MaxDepth = 32;
    private const int MaxNodes = 100_000;

    private readonly Parser _parser;
    private int _nodes;

    private MLmodelYaml(TextReader text) => _parser = new Parser(text);

    /// <summary>Reads the one document of a file, which is a map.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>.</exception>
    public static IReadOnlyDictionary<string, object?> Read(TextReader text)
    {
        try
        {
            MLmodelYaml yaml = new(text);
            yaml._parser.Consume<StreamStart>();
            yaml._parser.Consume<DocumentStart>();
            return yaml.ReadNode(0) as IReadOnlyDictionary<string, object?> ?? throw new SlipwayException(ErrorCode.InvalidModel, "'MLmodel' is not a map");
        }
        catch (YamlException broken)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"'MLmodel' is not valid YAML at line {broken.Start.Line}", broken);
        }
    }

    private object? ReadNode(int depth)
    {
        if (++_nodes > MaxNodes || depth > MaxDepth)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, $"'MLmodel' has more than {MaxNodes} values, or is nested more than {MaxDepth} deep");
        }

        if (_parser.Current is NodeEvent { Anchor.IsEmpty: false } or AnchorAlias)
        {
            throw new SlipwayException(ErrorCode.InvalidModel, "'MLmodel' has a YAML anchor or alias, which is refused");
        }

        if (_parser.Accept<Scalar>(out _))
        {
            Scalar scalar = _parser.Consume<Scalar>();
            return scalar is { Style: ScalarStyle.Plain, Value: "" or "~" or "null" or "Null" or "NULL" } ? null : scalar.Value;
        }

        if (_parser.TryConsume<SequenceStart>(out _))
        {
            List<object?> items = [];
            while (!_parser.TryConsume<SequenceEnd>(out _))
            {
                items.Add(ReadNode(depth + 1));
            }

            return items;
        }

        _parser.Consume<MappingStart>();
        Dictionary<string, object?> map = new(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            string key = ReadNode(depth + 1) as string ?? throw new SlipwayException(ErrorCode.InvalidModel, "'MLmodel' has a key that is no text");
            if (!map.TryAdd(key, ReadNode(depth + 1)))
            {
                throw new SlipwayException(ErrorCode.InvalidModel, $"'MLmodel' has the key '{key}' twice");
            }
        }

        return map;
    }
}
